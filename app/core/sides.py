"""Connections of SQLite that read, apart from those that write.

To change over is dear: SQLite prepares every statement of the connection anew after it, and to
prepare one that joins ten tables takes ten times as long as to run it.
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry, Pool, PoolProxiedConnection, QueuePool

writes_now: ContextVar[bool] = ContextVar("writes_now", default=False)
"""Whether what runs changes rows (see `app.core.db.write`)."""


class SidedPool(Pool):
    """Two pools that hear of the same events: whoever writes gets a connection of the second.

    Each connection goes back to the pool it came from, never to this one.
    """

    def __init__(self, creator: Any, **options: Any) -> None:
        super().__init__(creator, **options)
        self._options = options
        self._sides: dict[bool, QueuePool] = {}
        self._opening = threading.Lock()

    def _do_get(self) -> ConnectionPoolEntry:
        writes = writes_now.get()
        side = self._sides.get(writes) or self._open(writes)
        return side._do_get()

    def _open(self, writes: bool) -> QueuePool:
        """Not before it is needed: only then it is known who else listens."""
        with self._opening:
            if writes not in self._sides:
                side = QueuePool(self._creator, use_lifo=True, dialect=self._dialect)
                side.__dict__["dispatch"] = self.dispatch
                self._sides[writes] = side
            return self._sides[writes]

    def _invalidate(
        self,
        connection: PoolProxiedConnection,
        exception: BaseException | None = None,
        _checkin: bool = True,
    ) -> None:
        super()._invalidate(connection, exception, _checkin)
        for side in self._sides.values():
            side._invalidate_time = self._invalidate_time

    def recreate(self) -> SidedPool:
        return type(self)(self._creator, **{**self._options, "_dispatch": self.dispatch})

    def dispose(self) -> None:
        for side in self._sides.values():
            side.dispose()

    def checkedout(self) -> int:
        return sum(side.checkedout() for side in self._sides.values())

    def size(self) -> int:
        return sum(side.size() for side in self._sides.values())

    def status(self) -> str:
        return " ".join(side.status() for side in self._sides.values())

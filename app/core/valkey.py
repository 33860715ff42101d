"""The shared memory in Valkey or Redis. Loaded only where `REDIS_URL` is set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.core.breaker import Breaker
from app.core.shared_memory import Counted, State, Unreachable, Window

ANSWER_SECONDS = 0.08  # slower than that it is no help to a page
KEPT_SECONDS = 3600
LISTEN_SECONDS = 0.3
AGAIN_SECONDS = 1.0

COUNT = """
local seen, allowed = {}, 1
for i = 0, #KEYS / 2 - 1 do
  local most, seconds, elapsed = ARGV[3 * i + 1], ARGV[3 * i + 2], ARGV[3 * i + 3]
  local current = tonumber(redis.call('GET', KEYS[2 * i + 1]) or 0)
  local previous = tonumber(redis.call('GET', KEYS[2 * i + 2]) or 0)
  seen[2 * i + 1], seen[2 * i + 2] = current, previous
  if most - current - math.ceil(previous * (seconds - elapsed) / seconds) <= 0 then allowed = 0 end
end
for i = 0, #KEYS / 2 - 1 do
  if allowed == 1 then
    redis.call('INCR', KEYS[2 * i + 1])
    redis.call('EXPIRE', KEYS[2 * i + 1], 2 * ARGV[3 * i + 2])
  end
end
return {allowed, seen}
"""
"""The sum of `Spending.left`, in one step that nobody comes between."""

T = TypeVar("T")


class Valkey:
    def __init__(self, url: str, prefix: str) -> None:
        self.prefix = prefix
        self.breaker = Breaker("the shared memory (REDIS_URL)")
        self.hits = self.misses = 0
        self._url = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
        self._client = self._connect(ANSWER_SECONDS)
        self._count = self._client.register_script(COUNT)

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        if not keys:
            return {}
        names = [self.prefix + key for key in keys]
        found: list[bytes | None] = self._ask(lambda: self._client.mget(names), [])
        there = {key: value for key, value in zip(keys, found, strict=False) if value is not None}
        self.hits += len(there)
        self.misses += len(keys) - len(there)
        return there

    def set_many(self, values: Mapping[str, bytes]) -> None:
        def put() -> None:
            with self._client.pipeline(transaction=False) as pipe:
                for key, value in values.items():
                    pipe.set(self.prefix + key, value, ex=KEPT_SECONDS)
                pipe.execute()

        if values:
            self._ask(put, None)

    def count(self, windows: Sequence[Window]) -> Counted | None:
        keys, arguments = [], []
        for window in windows:
            name = f"{self.prefix}count:{window.name}:{window.seconds}:"
            keys += [f"{name}{window.number}", f"{name}{window.number - 1}"]
            arguments += [window.most, window.seconds, window.elapsed]
        answer: Any = self._ask(lambda: self._count(keys, arguments), None)
        if answer is None:
            return None
        allowed, seen = answer
        return Counted(bool(allowed), list(zip(seen[::2], seen[1::2], strict=True)))

    def publish(self, channel: str) -> None:
        self._ask(lambda: self._client.publish(self.prefix + channel, b""), None)

    @contextmanager
    def listening(self, channel: str, hear: Callable[[], object]) -> Iterator[None]:
        stop = threading.Event()
        arguments = (self.prefix + channel, hear, stop)
        ear = threading.Thread(target=self._listen, args=arguments, name="ear", daemon=True)
        ear.start()
        try:
            yield
        finally:
            stop.set()
            ear.join(LISTEN_SECONDS + AGAIN_SECONDS)

    def _listen(self, channel: str, hear: Callable[[], object], stop: threading.Event) -> None:
        """Connect again as often as it takes; whoever waits asks the database meanwhile."""
        while not stop.is_set():
            try:
                self._hear(channel, hear, stop)
            except (RedisError, OSError):
                stop.wait(AGAIN_SECONDS)

    def _hear(self, channel: str, hear: Callable[[], object], stop: threading.Event) -> None:
        client: Any = self._connect(None)
        with client, client.pubsub(ignore_subscribe_messages=True) as ear:
            ear.subscribe(channel)
            while not stop.is_set():
                if ear.get_message(timeout=LISTEN_SECONDS):
                    hear()

    def state(self, ask: bool = False) -> State:
        if ask:
            self._ask(self._client.ping, None)
        breaker = self.breaker
        return State(
            not breaker.is_resting, self.hits, self.misses, breaker.errors, breaker.skipped
        )

    def clear(self) -> int:
        """Not through the breaker: whoever asks for this wants to know when it fails."""
        try:
            names = list(self._client.scan_iter(self.prefix + "*", count=1000))
            for start in range(0, len(names), 1000):
                self._client.unlink(*names[start : start + 1000])
        except (RedisError, OSError) as error:
            raise Unreachable(str(error)) from error
        return len(names)

    def _ask(self, question: Callable[[], Any], otherwise: T) -> T:
        if not self.breaker.may_ask():
            return otherwise
        try:
            answer: T = question()
        except (RedisError, OSError) as error:
            self.breaker.failed(error)
            return otherwise
        self.breaker.answered()
        return answer

    def _connect(self, answer_seconds: float | None) -> Redis:
        """The plainest protocol, nothing tried twice: all servers of ten years understand it."""
        return Redis.from_url(
            self._url,
            socket_timeout=answer_seconds,
            socket_connect_timeout=ANSWER_SECONDS * 3,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )

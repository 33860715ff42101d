"""Find locked and pinned threads fast

Revision: 0008
Follows: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Few threads are. A search for them begins here.
    for state in ("locked", "pinned"):
        name, is_so = f"ix_thread_{state}", sa.text(f"is_{state} IS {_true()}")
        op.create_index(
            name, "thread", ["last_post_at"], sqlite_where=is_so, postgresql_where=is_so
        )


def downgrade() -> None:
    for state in ("locked", "pinned"):
        op.drop_index(f"ix_thread_{state}", "thread")


def _true() -> str:
    return "1" if op.get_bind().dialect.name == "sqlite" else "true"

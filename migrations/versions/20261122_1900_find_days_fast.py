"""Find days fast

Revision: 0007
Follows: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A search within a range of days begins with the newest posts of these days.
    op.create_index("ix_post_created", "post", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_post_created", "post")

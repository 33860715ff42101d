"""What quick polls do by the clock."""

from __future__ import annotations

from datetime import timedelta

from app.core.periodic import periodic
from app.polls import forgetting


@periodic("polls.forget_votes", every=timedelta(hours=1))
def forget_votes() -> None:
    forgetting.forget_votes()
    forgetting.forget_removed()

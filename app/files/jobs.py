"""What the worker does for files: nothing stays that nobody uses."""

from __future__ import annotations

from datetime import timedelta

from app.core.jobs import job
from app.core.periodic import periodic
from app.files import clearing


@periodic("files.clear", every=timedelta(hours=1))
def clear() -> None:
    clearing.note_what_is_used()
    clearing.remove_what_ran_out()


@periodic("files.sweep", every=timedelta(days=1))
def sweep() -> None:
    clearing.sweep()


@job("files.remove_bytes")
def remove_bytes(keys: list[str]) -> None:
    clearing.remove_bytes(keys)

"""For whoever watches the worker at its work."""

from __future__ import annotations

from blinker import Signal

work_began = Signal("sent with the tally of a job or mail, before anything of it is done")
work_ended = Signal("sent with the tally of a job or mail and `is_done`, also when it failed")

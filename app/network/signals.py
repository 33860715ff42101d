"""What happened in the network."""

from __future__ import annotations

from blinker import Signal

city_added = Signal("A city has been added. Sender: the City.")

"""What happens to webinars. The sender is the webinar."""

from __future__ import annotations

from blinker import Signal

webinar_published = Signal("webinar_published")
webinar_changed = Signal("a mailed field changed: fields: starts_at, ends_at, title")
webinar_cancelled = Signal("webinar_cancelled")
webinar_updated = Signal("anything else changed: shown on the page and in feeds, not mailed")
webinar_copied = Signal("a draft was made like another one: like: that webinar, actor")

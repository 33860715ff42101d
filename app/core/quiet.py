"""How long changes wait for more of their kind before they are mailed."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app


def quiet_time() -> timedelta:
    """Ten minutes, or what QUIET_MINUTES says; none in demo mode, where people watch."""
    fallback = 0 if current_app.config["DEMO"] else 10
    return timedelta(minutes=current_app.config.get("QUIET_MINUTES", fallback))

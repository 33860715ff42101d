"""Recordings lie at other places. Where we know how, a link leads to a moment in one."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be",
           "www.youtube-nocookie.com"}  # fmt: skip
VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
PEERTUBE_PATHS = ("/w/", "/videos/watch/")


def host_of(url: str) -> str:
    """The place a link opens, as people know it; empty for what is no address."""
    host = _split(url).hostname or ""
    return host.removeprefix("www.")


def is_web_address(url: str) -> bool:
    """https, a host with a dot, no name or password in it."""
    parts = _split(url)
    host = parts.hostname or ""
    has_port = _port_is_right(parts)
    return parts.scheme == "https" and "." in host and "@" not in parts.netloc and has_port


def at_second(url: str, second: int) -> str:
    """The address of this moment; empty where nobody knows how it is said."""
    parts = _split(url)
    if parts.hostname in YOUTUBE:
        return _asking(parts, t=f"{second}s")
    if parts.hostname in VIMEO:
        return urlunsplit(parts._replace(fragment=f"t={second}s"))
    if parts.path.startswith(PEERTUBE_PATHS):
        return _asking(parts, start=f"{second}s")
    return ""


def _asking(parts: SplitResult, **values: str) -> str:
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in values]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()]), fragment=""))


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # half an IPv6 address
        return urlsplit("")


def _port_is_right(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False

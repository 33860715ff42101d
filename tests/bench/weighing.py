"""How many bytes a thread needs, with what a browser loads beside it."""

from __future__ import annotations

import gzip
import os
import re

import brotli

from tests.bench.client import get, one
from tests.bench.pages import MEMBER, VISITOR, Page
from tests.bench.people import address
from tests.bench.stage import Stage, where

LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|mjs|woff2)[^"]*)"')


def weigh(stage: Stage, found: list[Page]) -> None:
    """What a thread weighs, and what a browser loads with it the first time and again."""
    thread = next(page for page in found if page.name == "thread of 20")
    for who in (MEMBER, VISITOR):
        path = where(stage, thread.path, who)
        cookie = stage.members[0].cookie if who == MEMBER else ""
        _, _, html = one(stage.target.port, get(path, address(0), cookie=cookie))
        brotlied = brotli.compress(html, quality=5)  # type: ignore[no-untyped-call]
        small = {
            "gzip": len(gzip.compress(html, 6)),
            "brotli": len(brotlied),
        }
        stage.run.others[f"thread HTML, {who}, kB"] = round(len(html) / 1024, 1)
        for way, size in small.items():
            stage.run.others[f"thread HTML, {who}, {way}, kB"] = round(size / 1024, 1)
        if who == VISITOR:
            files = sum(_weight(stage, link) for link in _loaded(stage, html.decode()))
            stage.run.others["first visit, compressed, kB"] = round(
                (files + small["brotli"]) / 1024, 1
            )
            stage.run.others["repeat visit, compressed, kB"] = round(small["brotli"] / 1024, 1)


def _loaded(stage: Stage, html: str) -> set[str]:
    """CSS and JS named in the page, and what these load in turn."""
    found: set[str] = set()
    waiting = set(LINKED.findall(html))
    while waiting:
        link = waiting.pop()
        found.add(link)
        if not link.split("?")[0].endswith((".css", ".js", ".mjs")):
            continue
        body = one(stage.target.port, get(link, address(1)))[2]
        text = body.decode("utf-8", "replace")
        base = link.split("?")[0].rpartition("/")[0]
        inner = re.findall(r'(?:import|from)\s*\(?["\']([^"\']+\.js[^"\']*)["\']', text)
        inner += re.findall(r'@import\s+(?:url\()?["\']([^"\']+)["\']', text)
        paths = (
            path if path.startswith("/") else os.path.normpath(f"{base}/{path}") for path in inner
        )
        waiting |= set(paths) - found
    return found


def _weight(stage: Stage, link: str) -> int:
    """As a browser gets it: the server's brotli, else what a proxy would make of it."""
    status, headers, body = one(
        stage.target.port, get(link, address(2), "Accept-Encoding: br, gzip")
    )
    if status != "200":
        return 0
    is_small = "content-encoding" in headers or link.split("?", maxsplit=1)[0].endswith(".woff2")
    return len(body) if is_small else len(gzip.compress(body, 6))

"""A browser's part: cookies, hidden fields and signing in, with the standard library."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class Browser:
    def __init__(self, port: int) -> None:
        self.base, self.jar = f"http://127.0.0.1:{port}", CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        return self.opener.open(self.base + path, timeout=300).read().decode()

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        asked = urllib.request.Request(self.base + path, body, headers)
        return self.opener.open(asked, timeout=300).read().decode()

    def fill_in(self, path: str, fields: dict[str, str]) -> str:
        """Send a form with the hidden token that its page has."""
        token = hidden(self.get(path), "csrf_token")
        return self.post(path, urllib.parse.urlencode(fields | {"csrf_token": token}).encode(), {})

    def where(self, path: str) -> str:
        """The address at the end of redirects."""
        parts = urllib.parse.urlsplit(self.opener.open(self.base + path, timeout=300).url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, in whatever order its attributes stand."""
    for tag in re.findall(r"<input[^>]*>", page):
        if f'name="{name}"' in tag and (found := re.search(r'value="([^"]*)"', tag)):
            return found[1]
    return ""

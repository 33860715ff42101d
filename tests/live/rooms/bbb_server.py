"""A server that says what a BigBlueButton says, and what stands in front of one that is ill."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"  # of the documentation

CREATED = """<response>
  <returncode>SUCCESS</returncode>
  <meetingID>{meeting}</meetingID>
  <internalMeetingID>640ab2bae07bedc4c163f679a746f7ab7fb5d1fa-1531155809613</internalMeetingID>
  <parentMeetingID>bbb-none</parentMeetingID>
  <attendeePW>{attendee}</attendeePW>
  <moderatorPW>{moderator}</moderatorPW>
  <createTime>1531155809613</createTime>
  <voiceBridge>70757</voiceBridge>
  <dialNumber>613-555-1234</dialNumber>
  <createDate>Mon Jul 09 17:03:29 UTC 2018</createDate>
  <hasUserJoined>false</hasUserJoined>
  <duration>0</duration>
  <hasBeenForciblyEnded>false</hasBeenForciblyEnded>
  <messageKey>{key}</messageKey>
  <message>{words}</message>
</response>"""
FAILED = """<response>
  <returncode>FAILED</returncode>
  <messageKey>{key}</messageKey>
  <message>{words}</message>
</response>"""
AGAIN = "This conference was already in existence and may currently be in progress."
WRONG_SUM = FAILED.format(key="checksumError", words="Checksums do not match")
TAKEN = FAILED.format(
    key="idNotUnique",
    words="A meeting already exists with that meeting ID.  Please use a different meeting ID.",
)


@dataclass
class Asked:
    """What the server was asked, and how it is: well, `taken`, `ill` (502), `odd` or `silent`."""

    mood: str = "well"
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    rooms: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str) -> tuple[int, str]:
        parts = urlsplit(path)
        call, values = parts.path.rpartition("/")[2], parse_qs(parts.query)
        given = {name: found[0] for name, found in values.items()}
        self.calls.append((call, given))
        if self.mood == "ill":
            return 502, "<html>502 Bad Gateway</html>"
        if self.mood == "odd":
            return 200, "<html><body>Welcome to nginx</p>"
        if not _is_signed(call, parts.query):
            return 200, WRONG_SUM
        meeting, moderator = given["meetingID"], given["moderatorPW"]
        if self.mood == "taken" or self.rooms.get(meeting, moderator) != moderator:
            return 200, TAKEN
        key, words = ("duplicateWarning", AGAIN) if meeting in self.rooms else ("", "")
        self.rooms[meeting] = moderator
        return 200, CREATED.format(meeting=meeting, moderator=moderator,
                                   attendee=given["attendeePW"], key=key, words=words)  # fmt: skip


def _is_signed(call: str, query: str) -> bool:
    said, _, checksum = query.rpartition("&checksum=")
    return checksum == hashlib.sha256(f"{call}{said}{SECRET}".encode()).hexdigest()


@contextmanager
def bbb_server() -> Iterator[tuple[str, Asked]]:
    """Its BBB_URL, and what it is asked."""
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked.mood == "silent":
                time.sleep(0.5)
                return
            status, text = asked.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml;charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/bigbluebutton", asked
    finally:
        server.shutdown()
        running.join()
        server.server_close()

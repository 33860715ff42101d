"""Messages nobody meant to write: the files of `replies`, broken in many ways, always the same."""

from __future__ import annotations

import base64
import binascii
import random
import re
from collections.abc import Callable

Break = Callable[[random.Random, bytes], bytes]

CHARSETS = [b"utf-7", b"utf-16", b"hz", b"idna", b"punycode", b"unicode_escape", b"zlib",
            b"bz2", b"rot13", b"nothing", b"\x00", b"x" * 3000,
            b"cp037", b"utf-8-sig", b"base64"]  # fmt: skip
NUMBERS = [b"9" * 5, b"9" * 400, b"-1", b"0x7f", b"1e309", "٣".encode(), b"00000000000000001"]
HEADERS = [
    b"From: <official@stad.example>", b"From: (((((((((" * 50, b"To: " + b"a@b.example," * 400,
    b"Content-Type: text/calendar; method=CANCEL", b"Content-Type: multipart/mixed",
    b"Content-Transfer-Encoding: uuencode", b"Content-Transfer-Encoding: base64",
    b"Auto-Submitted: auto-replied", b"Subject: =?utf-16?b?//4=?=", b"Subject: " + b"x" * 70_000,
    b"Authentication-Results: mx.forum.example.org; dmarc=fail",
    b"MIME-Version: 9", b": nameless", b"Bcc: \xff\xfe", b"Content-Type:", b"Precedence: bulk",
]  # fmt: skip
PIECES = [b"\x00", b"\xff", b"\xe2\x80\xae", b"\xf0\x9f\x8e\xa5", b"\r", b"\n", b"\r\n ", b";;",
          b'"', b":", b"\\", b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n", b"--=_p--\r\n",
          b"^'", b"%00",
          b"=\r\n", b"\x1b[2J", b"RRULE:FREQ=SECONDLY\r\n", b"ATTENDEE:mailto:\r\n"]  # fmt: skip
DIGITS = re.compile(rb"\d{1,14}")
BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{76}\r\n){2,}[A-Za-z0-9+/=]*")


def broken(seed: int, content: bytes, other: bytes) -> bytes:
    """One to three breaks, chosen by the seed. `other` is a second message to mix in."""
    dice = random.Random(seed)
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        content = dice.choice(BREAKS)(dice, content)
    return mixed(dice, content, other) if dice.random() < 0.05 else content


def mixed(dice: random.Random, content: bytes, other: bytes) -> bytes:
    """The head of one and the tail of the other."""
    return content[: _place(dice, content)] + other[_place(dice, other) :]


def bytes_flipped(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        changed[_place(dice, content)] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut(dice: random.Random, content: bytes) -> bytes:
    return content[: _place(dice, content)]


def hole(dice: random.Random, content: bytes) -> bytes:
    start = _place(dice, content)
    return content[:start] + content[start + dice.randint(1, 400) :]


def lines_doubled(dice: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    start = dice.randrange(len(lines))
    some = lines[start : start + dice.randint(1, 8)]
    return b"".join(lines[:start] + some * dice.choice([2, 3, 200]) + lines[start:])


def lines_swapped(dice: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    for _ in range(dice.randint(1, 5)):
        one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def line_dropped(dice: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[dice.randrange(len(lines))]
    return b"".join(lines) or b"\r\n"


def line_ends_changed(dice: random.Random, content: bytes) -> bytes:
    return content.replace(b"\r\n", dice.choice([b"\n", b"\r", b"\n\r", b"\r\r\n", b"\x0b", b""]))


def header_added(dice: random.Random, content: bytes) -> bytes:
    header = dice.choice(HEADERS) + b"\r\n"
    if dice.random() < 0.5:
        return header + content
    head, gap, body = content.partition(b"\r\n\r\n")
    return head + b"\r\n" + header + gap[2:] + body


def charset_changed(dice: random.Random, content: bytes) -> bytes:
    return re.sub(rb'charset="?[\w-]+"?', b"charset=" + dice.choice(CHARSETS), content)


def numbers_changed(dice: random.Random, content: bytes) -> bytes:
    number, most = dice.choice(NUMBERS), dice.randint(20, 120)
    return DIGITS.sub(lambda m: number if dice.random() < 0.1 else m[0], content, count=most)


def piece_added(dice: random.Random, content: bytes) -> bytes:
    for _ in range(dice.randint(1, 6)):
        place = _place(dice, content)
        content = content[:place] + dice.choice(PIECES) + content[place:]
    return content


def nested(dice: random.Random, content: bytes) -> bytes:
    """Some levels, or a great many: mail programs allow a hundred."""
    depth = dice.choice([1, 2, 20, 150, 600])
    for level in range(depth):
        kind = dice.choice([b"multipart/mixed", b"multipart/alternative", b"message/rfc822"])
        head = b'Content-Type: %s; boundary="n%d"\r\n\r\n--n%d\r\n' % (kind, level, level)
        content = head + content
    return content


def bomb(dice: random.Random, content: bytes) -> bytes:
    part = b"\r\n--=_p\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n"
    return content.replace(b"\r\n--", part * dice.choice([5, 190, 400]) + b"\r\n--", 1)


def inside_changed(dice: random.Random, content: bytes) -> bytes:
    """Break what stands in base64, where bytes that are only flipped break nothing but that."""
    found = BASE64.search(content)
    if found is None:
        return bytes_flipped(dice, content)
    try:
        plain = base64.b64decode(found[0])
    except binascii.Error:
        return content
    act = dice.choice([bytes_flipped, lines_swapped, lines_doubled, piece_added, numbers_changed])
    again = base64.encodebytes(act(dice, plain or b"x")).replace(b"\n", b"\r\n")
    return content[: found.start()] + again.rstrip() + content[found.end() :]


BREAKS: list[Break] = [
    bytes_flipped, bytes_flipped, cut, hole, lines_doubled, lines_swapped, line_dropped,
    line_ends_changed, header_added, charset_changed, numbers_changed, piece_added, nested, bomb,
    inside_changed, inside_changed,
]  # fmt: skip


def _place(dice: random.Random, content: bytes) -> int:
    return dice.randrange(len(content)) if content else 0

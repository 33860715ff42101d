"""The files of the story, made here: tables, texts, a drawing and slides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from app.accounts.models import User
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.files.uploading import Prepared, keep, prepare
from app.files.using import Attachment
from app.forum.attaching import attach_files
from app.forum.models import Post

WIDTH, HEIGHT, EDGE = 960, 540, 40
PAPER, INK, BAR, PALE = "#ffffff", "#22303a", "#1f6f8b", "#b9d4dd"


def prepare_enclosures() -> dict[str, Prepared]:
    """Check and store them like anybody's files. Slow: before `write()`."""
    return {
        entry["key"]: prepare(BytesIO(_content(entry)), entry["name"])
        for entry in chapter("files")["files"]
    }


def enclose(post: Post, author: User, keys: Sequence[str], cast: Cast) -> None:
    """Attach files to a post, with the words that stand for a picture."""
    words = {entry["key"]: entry.get("alt", "") for entry in chapter("files")["files"]}
    kept = [(keep(cast.enclosures[key], author), words[key]) for key in keys]
    attach_files(post, author, [Attachment(file.key, alt=alt) for file, alt in kept])


def _content(entry: Entry) -> bytes:
    if "drawing" in entry:
        return DRAWINGS[entry["drawing"]](entry)
    return str(entry["text"]).lstrip().encode()


def _bars(entry: Entry) -> bytes:
    """One pale and one dark bar for each row: how it was, how it is."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen, rows = ImageDraw.Draw(picture), entry["rows"]
    pen.text((EDGE, EDGE), entry["heading"], INK, ImageFont.load_default(30))
    step = (HEIGHT - 3 * EDGE) // len(rows)
    for place, (name, before, after) in enumerate(rows):
        top = 2 * EDGE + 20 + place * step
        pen.text((EDGE, top + 6), name, INK, ImageFont.load_default(22))
        left = WIDTH // 3
        pen.rectangle((left, top, left + before, top + 16), PALE)
        pen.rectangle((left, top + 20, left + after, top + 36), BAR)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _slides(entry: Entry) -> bytes:
    """A heading and a few lines on each page."""
    pages = [_slide(*lines) for lines in entry["pages"]]
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], title=entry["name"])
    return out.getvalue()


def _slide(heading: str, *lines: str) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((EDGE, 2 * EDGE), heading, INK, ImageFont.load_default(44))
    for place, line in enumerate(lines):
        pen.text((EDGE, 5 * EDGE + place * 2 * EDGE), line, BAR, ImageFont.load_default(30))
    return picture


DRAWINGS: dict[str, Callable[[Entry], bytes]] = {"bars": _bars, "slides": _slides}

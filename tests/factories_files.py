"""Files as people have them, made on the spot; and bad ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.core.db import db, write
from app.files import uploading
from app.files.models import StoredFile
from app.files.using import Attachment
from app.forum.attaching import attach_files
from app.forum.models import Post, Thread

MIME = "application/vnd.openxmlformats-officedocument"
NORTH = {1: "N", 2: (52.0, 5.0, 0.0), 3: "E", 4: (5.0, 7.0, 0.0)}


def image(
    form: str = "PNG", size: tuple[int, int] = (40, 30), colour: Any = "teal", **options: Any
) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, form, **options)
    return target.getvalue()


def photograph(form: str = "JPEG", size: tuple[int, int] = (40, 30), turned: int = 1) -> bytes:
    """With the place where it was taken, the camera, a comment and a description."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x8825] = "Secret Camera", turned, NORTH
    more: dict[str, Any] = {"comment": b"Secret comment"} if form in {"JPEG", "GIF"} else {}
    if form in {"JPEG", "WEBP"}:
        more["xmp"] = b"<x:xmpmeta>Secret packet</x:xmpmeta>"
    return image(form, size, exif=exif, **more) if form != "GIF" else image(form, size, **more)


def moving(form: str, frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    pictures = [Image.new("RGB", size, (90 * (n % 3), 20, 20)) for n in range(frames)]
    target = io.BytesIO()
    pictures[0].save(target, form, save_all=True, append_images=pictures[1:], duration=50, loop=0)
    return target.getvalue()


def swollen(size: tuple[int, int]) -> bytes:
    """A PNG of a few bytes whose header promises far more."""
    content = image("PNG", (1, 1))
    header = b"IHDR" + struct.pack("!II", *size) + content[24:29]
    return content[:12] + header + struct.pack("!I", zlib.crc32(header)) + content[33:]


def endless() -> bytes:
    """A GIF whose frames are to be drawn on a canvas of 25 megapixels each."""
    content = moving("GIF")
    return content[:6] + struct.pack("<HH", 5000, 5000) + content[10:]


def package(entries: dict[str, str | bytes], claimed: int = 0) -> bytes:
    """`claimed`: to how much the last entry says it unpacks."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        if claimed:
            archive.filelist[-1].file_size = claimed
    return target.getvalue()


def docx(**more: str | bytes) -> bytes:
    return office("wordprocessingml.document", "word/document.xml", **more)


def office(kind: str, main: str, **more: str | bytes) -> bytes:
    types = f'<Types><Override PartName="/{main}" ContentType="{MIME}.{kind}.main+xml"/></Types>'
    return package({"[Content_Types].xml": types, main: "<w/>"} | more)


def open_document(kind: str = "text", **more: str | bytes) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return package({"mimetype": mimetype, "content.xml": "<office/>"} | more)


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def kept_file(owner: User, content: bytes = b"minutes", name: str = "minutes.txt") -> StoredFile:
    """An uploaded file that nothing uses."""
    prepared = uploading.prepare(io.BytesIO(content), name)
    with write():
        return uploading.keep(prepared, owner)


def upload(browser: FlaskClient, content: bytes, name: str) -> TestResponse:
    return browser.post("/files", data={"upload": (io.BytesIO(content), name)})


def opening_of(thread: Thread) -> Post:
    opening = sa.select(Post).where(Post.thread_id == thread.id, Post.number == 1)
    return db.session.scalars(opening).one()


def attached_file(
    post: Post, owner: User, content: bytes = b"minutes", name: str = "minutes.txt", alt: str = ""
) -> StoredFile:
    """A file that a post has."""
    file = kept_file(owner, content, name)
    with write():
        attach_files(post, owner, [Attachment(file.key, alt)])
    return file

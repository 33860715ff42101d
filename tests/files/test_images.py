"""Pictures are drawn anew: what is no picture does not come through."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image

from app.files.errors import FileRefused
from app.files.images import redraw
from tests.factories_files import endless, image, moving, package, photograph, swollen

pytestmark = pytest.mark.any_engine

UNREADABLE = "This picture cannot be read. Save it again and send it."
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


@pytest.fixture(autouse=True)
def words(whole_app: Flask) -> Iterator[None]:
    """Sentences need an application, nothing here needs a database."""
    with whole_app.app_context():
        yield


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize("form", list(TYPES))
@pytest.mark.parametrize("turned", [1, 6])
def test_place_camera_and_comments_are_gone(form: str, turned: int) -> None:
    before = photograph(form, turned=turned)

    after = redraw(before, TYPES[form]).content

    kept = opened(after)
    assert (b"Secret" in before, b"Secret" in after) == (True, False)
    assert (kept.format, dict(kept.getexif()), kept.getexif().get_ifd(0x8825)) == (form, {}, {})
    assert {"exif", "xmp", "comment", "icc_profile"} & set(kept.info) == set()


def test_a_turned_photograph_stands_upright() -> None:
    picture = Image.new("RGB", (40, 30), "white")
    picture.paste("red", (0, 0, 40, 8))  # along the upper edge; turned by 90° it is on the right
    exif, target = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    picture.save(target, "JPEG", exif=exif, quality=95)

    after = redraw(target.getvalue(), "image/jpeg")

    kept = opened(after.content).convert("RGB")
    assert (after.width, after.height, kept.size) == (30, 40, (30, 40))
    assert kept.getpixel((28, 20))[1] < 60
    assert kept.getpixel((5, 20))[1] > 200


def test_wide_pictures_are_made_narrower_with_a_thumbnail() -> None:
    wide = redraw(image("JPEG", (3000, 1500)), "image/jpeg")
    tall = redraw(image("PNG", (100, 1000)), "image/png")
    small = redraw(image("PNG", (1280, 720)), "image/png")

    assert opened(wide.content).size == (1920, 960)
    assert opened(wide.thumbnail or b"").size == (1280, 640)
    assert (opened(tall.thumbnail or b"").size, opened(tall.content).size) == (
        (72, 720),
        (100, 1000),
    )
    assert (small.thumbnail, opened(small.content).format) == (None, "PNG")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_in_every_mode_come_through(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    target = io.BytesIO()
    Image.new(mode, (2000, 10)).save(target, form)

    after = redraw(target.getvalue(), TYPES[form])

    assert opened(after.content).size == (1920, 10)


def test_transparency_stays() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")

    kept = opened(redraw(target.getvalue(), "image/png").content)

    assert kept.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_goes_on_moving(form: str) -> None:
    after = redraw(moving(form), TYPES[form])

    assert opened(after.content).n_frames == 3
    assert (after.width, after.height, after.thumbnail) == (40, 30, None)


def test_an_endless_film_is_refused() -> None:
    assert refusal(endless(), "image/gif") == (
        "This animation is too long to be kept moving. Make it shorter or smaller."
    )


@pytest.mark.parametrize("size", [(20_000, 20_000), (8000, 5100)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    began = time.thread_time()

    assert refusal(swollen(size), "image/png") == (
        "This picture has more than 40 megapixels. Make it smaller."
    )
    assert time.thread_time() - began < 0.2


def test_what_hangs_on_a_picture_falls_off() -> None:
    archive = package({"evil.js": "alert(1)"})
    script = b"<html><script>alert(1)</script>"

    two_in_one = [
        redraw(image("JPEG") + archive, "image/jpeg").content,
        redraw(image("PNG") + script, "image/png").content,
        redraw(image("GIF") + script, "image/gif").content,
    ]

    assert [b"PK\x03\x04" in content or b"script" in content for content in two_in_one] == [
        False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"GIF89a/*<html><script>alert(1)</script>*/=1", "image/gif"),
        (image("JPEG", (400, 400))[:700], "image/jpeg"),
        (image("PNG")[:40], "image/png"),
        (image("JPEG"), "image/png"),
        (b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 30, "image/webp"),
    ],
)
def test_what_only_begins_like_a_picture_is_refused(content: bytes, media_type: str) -> None:
    assert refusal(content, media_type) == UNREADABLE


def refusal(content: bytes, media_type: str) -> str:
    with pytest.raises(FileRefused) as refused:
        redraw(content, media_type)
    return refused.value.message

"""Pictures as we keep them: drawn anew, so that nothing but the picture is left of the file."""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from app.core.i18n import _
from app.files.errors import FileRefused

MOST_PIXELS = 40_000_000
MOST_ANIMATED_PIXELS = 40_000_000  # of all frames together
WIDEST = 1920
THUMBNAIL = (1280, 720)
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
THUMBNAIL_TYPE = "image/webp"
ORIENTATION = 0x0112
MAKES_MORE_FRAMES = {"GIF", "WEBP", "PNG"}
NOT_READABLE = (
    OSError, ValueError, SyntaxError, LookupError, TypeError, ArithmeticError, AttributeError,
    EOFError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
"""What decoders raise when they are fed with something that is no picture."""

# Pillow looks at the size before it decodes anything; what it only warns of is refused as well.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")  # of notes that are broken


_drawing = threading.BoundedSemaphore(2)
"""A picture of 40 megapixels takes some 300 MB while it is drawn: two at a time in a process."""


@dataclass(frozen=True)
class Picture:
    """A cleaned image with its size in pixels; a thumbnail when it is larger than one."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes | None


def redraw(content: bytes, media_type: str) -> Picture:
    """Decode and encode again. Slow: outside of `write()`. Raise FileRefused."""
    try:
        with _drawing, Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as image:
            _check_size(image)
            return _animated(image) if _is_animated(image) else _still(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except NOT_READABLE as error:
        raise FileRefused(_("This picture cannot be read. Save it again and send it.")) from error


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()


def _is_animated(image: Image.Image) -> bool:
    return image.format in MAKES_MORE_FRAMES and getattr(image, "n_frames", 1) > 1


def _still(image: Image.Image) -> Picture:
    if _stays_as_it_is(image):
        image.load()
        image.info = {}
        return _picture(image, _encoded(image, "JPEG", quality="keep"))
    form = "JPEG" if image.format == "MPO" else str(image.format)  # two pictures of one phone
    if form == "JPEG":
        image.draft(image.mode, (WIDEST, WIDEST))  # decode no more than is kept
    plain = _bare(_narrowed(ImageOps.exif_transpose(_true_colours(image))))
    options: dict[str, Any] = {"quality": 85} if form in {"JPEG", "WEBP"} else {}
    return _picture(plain, _encoded(plain, form, **options))


def _stays_as_it_is(image: Image.Image) -> bool:
    """A photograph that is encoded again as finely as it came: nothing in it changes."""
    is_plain = image.mode in {"L", "RGB"} and "icc_profile" not in image.info
    is_upright = image.getexif().get(ORIENTATION, 1) == 1
    return image.format == "JPEG" and image.width <= WIDEST and is_plain and is_upright


def _true_colours(image: Image.Image) -> Image.Image:
    """In sRGB, so that the profile, which may carry anything, can stay behind."""
    profile = image.info.get("icc_profile")
    wanted = {"RGB": "RGB", "CMYK": "RGB", "RGBA": "RGBA"}.get(image.mode)
    if profile and wanted:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode=wanted
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            changed = None
        if changed is not None:
            return changed
    return image.convert("RGB") if image.mode in {"CMYK", "YCbCr", "LAB", "HSV"} else image


def _bare(image: Image.Image) -> Image.Image:
    """Pixels only: no EXIF, place, XMP, comment or profile. Transparency is part of the pixels."""
    if image.mode in {"PA", "LA"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode not in {"1", "L", "P", "RGB", "RGBA"}:
        image = image.point(lambda value: value / 256).convert("L")  # 16 bit grey
    else:
        image = image.copy()
    image.info = {}
    return image


def _narrowed(image: Image.Image) -> Image.Image:
    if image.width <= WIDEST:
        return image
    height = max(1, round(image.height * WIDEST / image.width))
    return _smooth(image).resize((WIDEST, height), Image.Resampling.LANCZOS)


def _smooth(image: Image.Image) -> Image.Image:
    """In a mode that can be resized without steps."""
    if image.mode in {"P", "PA", "1", "LA"} or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _picture(image: Image.Image, content: bytes) -> Picture:
    return Picture(content, image.width, image.height, _thumbnail(image))


def _thumbnail(image: Image.Image) -> bytes | None:
    if image.width <= THUMBNAIL[0] and image.height <= THUMBNAIL[1]:
        return None
    small = image.copy() if image.mode in {"RGB", "RGBA"} else image.convert("RGB")
    small.thumbnail(THUMBNAIL)
    return _encoded(small, "WEBP", quality=80)


def _animated(image: Image.Image) -> Picture:
    frames = getattr(image, "n_frames", 1)
    if frames * image.width * image.height > MOST_ANIMATED_PIXELS:
        raise FileRefused(
            _("This animation is too long to be kept moving. Make it shorter or smaller.")
        )
    timing = [frame.info.get("duration", 100) for frame in ImageSequence.Iterator(image)]
    loop, form = image.info.get("loop"), str(image.format)
    drawn = [_bare(_narrowed(frame.convert("RGBA"))) for frame in ImageSequence.Iterator(image)]
    first, *rest = drawn
    more: dict[str, Any] = {} if loop is None else {"loop": loop}
    if form == "GIF":
        more["disposal"] = 2
    content = _encoded(first, form, save_all=True, append_images=rest, duration=timing, **more)
    return Picture(content, first.width, first.height, None)


def _encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def _too_many_pixels() -> FileRefused:
    return FileRefused(_("This picture has more than 40 megapixels. Make it smaller."))

"""Pictures that people bring: told by their bytes, drawn anew, and only what was drawn is kept.

Whatever else a file held (where a photograph was taken, a script behind the picture, a second file) does not survive,
because nothing is copied: pixels are decoded, turned as the camera was held, scaled and encoded by us.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isqrt
from typing import Literal

import puremagic
from django.core.files import File
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from core.errors import DomainError

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_PIXELS = 40_000_000  # 120 MB decoded
# What browsers offer to choose from; phones convert their own formats for a form that names only these.
ACCEPT = "image/jpeg,image/png,image/webp,image/gif"
_DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
# What a picture never holds, and a file that is two things at once does.
_FOREIGN = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|\?php)[\s>]|%PDF-1\.", re.IGNORECASE)

Encoding = Literal["WEBP", "PNG", "JPEG"]


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew in two sizes, both of one media type; `width` and `height` are the larger one's."""

    media_type: str
    width: int
    height: int
    large: bytes
    small: bytes


class PictureRefused(DomainError):
    """The upload is no picture we take; the message says what to do."""


def reencoded(
    upload: "File[bytes]", sizes: Sequence[int], *, crop: bool = True, encoding: Encoding = "WEBP"
) -> dict[int, bytes]:
    """The picture anew for each size in pixels: a square cut from its middle or, without `crop`, whole within one.

    A small picture is not blown up. Takes JPEG, PNG, WebP and GIF (its first frame) up to MAX_BYTES. Raises
    PictureRefused.
    """
    data = _read(upload, MAX_BYTES)
    decoder = _decoder_of(data)
    with _told():
        picture = _decoded(data, decoder, max(sizes))
        return {size: _encoded(_scaled(picture, size, crop=crop), encoding) for size in sizes}


def drawn(upload: "File[bytes]", *, large: int, small: int, most_pixels: int, most_bytes: int) -> Drawn:
    """The picture anew, whole, no edge longer than `large` and `small` pixels: as JPEG, or PNG where it is transparent.

    The larger one has no more than `most_pixels`. Raises PictureRefused.
    """
    data = _read(upload, most_bytes)
    decoder = _decoder_of(data)
    with _told():
        picture = _decoded(data, decoder, large)
        short, long = sorted(picture.size)
        whole = _scaled(picture, min(large, isqrt(most_pixels * long // short)), crop=False)
        lesser = _scaled(whole, small, crop=False)
        encoding: Encoding = "PNG" if whole.mode == "RGBA" else "JPEG"
        larger, smaller = _encoded(whole, encoding), _encoded(lesser, encoding)
        return Drawn(f"image/{encoding.lower()}", whole.width, whole.height, larger, smaller)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong inside, said as PictureRefused."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except PictureRefused:
        raise
    except Exception as error:  # decoders raise all sorts of things over bytes that somebody broke
        message = _("This picture is damaged and cannot be read. Save it again and try once more.")
        raise PictureRefused(message, code="damaged") from error


def _read(upload: "File[bytes]", most: int) -> bytes:
    upload.seek(0)
    data: bytes = upload.read(most + 1)
    if not data:
        raise PictureRefused(_("This file is empty."), code="empty")
    if len(data) > most:
        message = _("This picture is larger than %(size)d MB. Choose a smaller one.")
        raise PictureRefused(message % {"size": most // MEGABYTE}, code="too_large")
    return data


def _decoder_of(data: bytes) -> str:
    """Which decoder reads these bytes: by what they are, whatever the file was called."""
    try:
        said = puremagic.magic_string(data)
    except puremagic.PureError:
        said = []
    decoder = next((_DECODERS[one.mime_type] for one in said if one.mime_type in _DECODERS), "")
    if not decoder:
        raise PictureRefused(_("Choose a picture in JPEG, PNG, WebP or GIF format."), code="no_picture")
    if _FOREIGN.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        message = _("This file holds more than a picture. Save the picture alone and try again.")
        raise PictureRefused(message, code="not_only_a_picture")
    return decoder


def _decoded(data: bytes, decoder: str, largest: int) -> Image.Image:
    """The first frame's pixels, the right way up, with transparency where there is any."""
    picture: Image.Image = Image.open(io.BytesIO(data), formats=[decoder])
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()
    # A JPEG is decoded at a fraction of its size where that is enough: a photograph costs a few megabytes.
    picture.draft("RGB", (largest * 2, largest * 2))
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    picture = _in_srgb(picture)
    # A picture that could be seen through and is not is a photograph like any other.
    clear = picture.has_transparency_data and picture.convert("RGBA").getchannel("A").getextrema() != (255, 255)
    return picture.convert("RGBA" if clear else "RGB")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in the colours every screen knows; its own profile, if it carries one, says what its numbers mean."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    if picture.mode in {"P", "LA", "PA"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        turned = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):  # a profile of another kind of picture, or none at all
        return picture
    return turned or picture


def _scaled(picture: Image.Image, size: int, *, crop: bool) -> Image.Image:
    if crop:
        side = min(size, *picture.size)
        return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    whole = picture.copy()
    whole.thumbnail((size, size), Image.Resampling.LANCZOS)
    return whole


def _encoded(picture: Image.Image, encoding: Encoding) -> bytes:
    # A new picture of the same pixels: what PIL carries along from the old one (profiles, comments) is left behind.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    target = io.BytesIO()
    if encoding == "WEBP":
        bare.save(target, "WEBP", quality=84, method=4)
    elif encoding == "JPEG":
        bare.save(target, "JPEG", quality=87, subsampling=0, optimize=True, progressive=True)
    else:
        bare.save(target, "PNG", compress_level=6)  # the last per cent of bytes take ten times as long
    return target.getvalue()


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(_("This picture has too many pixels. Scale it down first."), code="too_many_pixels")

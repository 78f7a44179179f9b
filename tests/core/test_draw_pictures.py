"""Pictures that people bring: drawn anew at their sizes, or refused with a sentence."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from core import pictures
from core.pictures import PictureRefused, reencoded


def drawn(kind: str = "JPEG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: Any) -> bytes:
    """A picture: red on its left half, blue on its right."""
    picture = Image.new(mode, size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def taken(data: bytes, *sizes: int, **options: Any) -> dict[int, Image.Image]:
    return {size: opened(made) for size, made in reencoded(ContentFile(data), sizes or (64, 256), **options).items()}


def refusal(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        reencoded(ContentFile(data), [64])
    return refused.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_common_picture_becomes_a_square_of_each_size(kind: str) -> None:
    made = taken(drawn(kind), 64, 128)
    assert {size: picture.size for size, picture in made.items()} == {64: (64, 64), 128: (128, 128)}
    assert {picture.format for picture in made.values()} == {"WEBP"}


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("L", "PNG"), ("RGBA", "PNG"), ("P", "GIF")])
def test_every_colour_space_is_read(mode: str, kind: str) -> None:
    picture = Image.new("RGBA" if mode == "RGBA" else "RGB", (80, 80), "green").convert(mode)
    target = io.BytesIO()
    picture.save(target, kind)
    assert taken(target.getvalue(), 64)[64].size == (64, 64)


def test_a_logo_keeps_its_shape_and_what_is_clear_of_it() -> None:
    picture = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    picture.paste("green", (0, 0, 200, 100))
    target = io.BytesIO()
    picture.save(target, "PNG")
    made = taken(target.getvalue(), 200, crop=False, encoding="PNG")[200]
    assert (made.format, made.size, made.mode) == ("PNG", (200, 50), "RGBA")
    assert made.getpixel((190, 25)) == (0, 0, 0, 0)


def test_a_small_picture_is_not_blown_up() -> None:
    assert taken(drawn(size=(40, 30)), 64)[64].size == (30, 30)


def test_a_photograph_is_turned_as_the_camera_was_held_and_forgets_where_it_was() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right
    exif[0x010E] = "Rue des Lilas"
    data = drawn(size=(200, 200), exif=exif, comment=b"Ada's garden")
    assert b"Lilas" in data
    made = reencoded(ContentFile(data), [200])[200]
    assert b"Lilas" not in made and b"garden" not in made and not opened(made).getexif()
    top, bottom = (opened(made).convert("RGB").getpixel((100, y)) for y in (20, 180))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > top[2] + 100 and bottom[2] > bottom[0] + 100  # red above, blue below


def test_of_what_moves_the_first_picture_is_taken() -> None:
    first, second = Image.new("RGB", (64, 64), "green"), Image.new("RGB", (64, 64), "red")
    target = io.BytesIO()
    first.save(target, "GIF", save_all=True, append_images=[second])
    pixel = taken(target.getvalue(), 64)[64].convert("RGB").getpixel((32, 32))
    assert isinstance(pixel, tuple) and pixel[1] > 100 > pixel[0]


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert reencoded(ContentFile(drawn()), [64]) == reencoded(ContentFile(drawn()), [64])


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7 ...",
        b"MZ\x90\x00" + bytes(100),
        b"just some text",
        drawn("TIFF"),
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    ],
    ids=["html", "svg", "svg with its declaration", "pdf", "program", "text", "tiff", "heic"],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refusal(data) == "no_picture"


def packed() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("x.js", "alert(1)")
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
@pytest.mark.parametrize(
    "behind",
    [b"<script>alert(1)</script>", b"\n<!DOCTYPE html><body onload=alert(1)>", b"<?php system(1);", packed()],
    ids=["script", "page", "php", "zip"],
)
def test_a_picture_that_is_something_else_as_well_is_refused(kind: str, behind: bytes) -> None:
    assert refusal(drawn(kind) + behind) == "not_only_a_picture"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_cut_short_is_refused(kind: str, share: float) -> None:
    data = drawn(kind, size=(400, 400))
    assert refusal(data[: int(len(data) * share)]) in {"damaged", "no_picture"}


def test_nothing_and_too_much_are_refused() -> None:
    assert refusal(b"") == "empty"
    assert refusal(drawn() + bytes(pictures.MAX_BYTES)) == "too_large"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_read(side: int) -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    assert refusal(bomb) == "too_many_pixels"

"""Pictures with at most 256 colours: pages have few, and a picture of one is then less than half as large."""

from __future__ import annotations

import base64
import struct
import zlib
from collections import Counter

from playwright.sync_api import Page

COLOURS = 256
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = """async picture => {
    const bytes = Uint8Array.from(atob(picture), one => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const found = context.getImageData(0, 0, image.width, image.height).data;
    const parts = [];
    for (let at = 0; at < found.length; at += 32768) {
        parts.push(String.fromCharCode(...found.subarray(at, at + 32768)));
    }
    return [image.width, image.height, btoa(parts.join(""))];
}"""

Colour = tuple[int, int, int]


def small(blank: Page, png: bytes) -> bytes:
    """The same picture; colours beyond the 256 most used become the nearest of those. `blank`: a page to read it in."""
    width, height, found = blank.evaluate(PIXELS, base64.b64encode(png).decode())
    pixels = [colour[:3] for colour in struct.iter_unpack("4B", base64.b64decode(found))]
    palette = [colour for colour, _often in Counter(pixels).most_common(COLOURS)]
    place = {colour: at for at, colour in enumerate(palette)}
    for colour in set(pixels) - set(palette):
        place[colour] = min(range(len(palette)), key=lambda at: _apart(palette[at], colour))
    numbers = bytes(place[colour] for colour in pixels)
    rows = b"".join(b"\0" + numbers[at : at + width] for at in range(0, len(numbers), width))
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(part for colour in palette for part in colour)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _apart(one: Colour, other: Colour) -> int:
    return sum((here - there) ** 2 for here, there in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

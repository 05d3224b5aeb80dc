"""An address as a code for telephones. The only importer of segno."""

from __future__ import annotations

from io import BytesIO

import segno


def svg(address: str) -> str:
    """A QR code (ISO/IEC 18004, error correction M) as an SVG picture, without a border: leave room around it."""
    target = BytesIO()
    segno.make(address, error="m", micro=False).save(
        target, kind="svg", xmldecl=False, svgns=True, nl=False, border=0, scale=4, omitsize=True
    )
    return target.getvalue().decode()


def data_uri(text: str) -> str:
    """The same code as an address for an <img>, black on white with the border that cameras need."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff", dark="#000")

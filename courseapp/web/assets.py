"""Static files: versioned by content, kept for ever by browsers, sent compressed."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, abort, request, url_for
from flask.typing import ResponseReturnValue

from courseapp.config import ROOT

FOLDER = ROOT / "static"
SHEETS = {
    "css/site.css": (
        "vendor/designsystemet/theme.css",
        "vendor/designsystemet/components.css",
        "css/tokens.css",
        "css/base.css",
        "css/cards.css",
        "css/parts.css",
        "css/print.css",
    )
}
"""What every page needs, sent as one file: a telephone waits for each it asks for. Later parts override earlier."""
COMPRESSED = ("text/", "image/svg+xml", "application/json", "application/javascript")


@dataclass(frozen=True)
class Asset:
    """One file, read once."""

    content: bytes
    packed: bytes | None
    mimetype: str
    version: str


@cache
def _files() -> dict[str, Path]:
    """Every file there is, listed once; a name that is not in it is not served."""
    return {str(file.relative_to(FOLDER)): file for file in FOLDER.rglob("*") if file.is_file()}


def load(name: str) -> Asset | None:
    """The file of that name under static/, or None."""
    parts = [_files().get(part) for part in SHEETS.get(name, (name,))]
    found = tuple(file for file in parts if file is not None)
    return _read(name, found) if len(found) == len(parts) else None


@cache
def _read(name: str, files: tuple[Path, ...]) -> Asset:
    content = b"\n".join(file.read_bytes() for file in files)
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = gzip.compress(content, 9, mtime=0) if mimetype.startswith(COMPRESSED) else None
    return Asset(content, packed, mimetype, hashlib.sha256(content).hexdigest()[:12])


@cache
def address(name: str) -> str:
    """The versioned address of an asset; raises LookupError for one that is not there, so no page links to nothing."""
    asset = load(name)
    if asset is None:
        raise LookupError(name)
    return url_for("asset", name=name, v=asset.version)


def attach(app: Flask) -> None:
    """Serve /static/ and give templates `asset()`."""
    app.jinja_env.globals["asset"] = address

    @app.get("/static/<path:name>", endpoint="asset")
    def serve(name: str) -> ResponseReturnValue:
        asset = load(name)
        if asset is None:
            abort(404)
        packed = asset.packed is not None and request.accept_encodings.quality("gzip") > 0
        response = app.response_class(asset.packed if packed else asset.content, mimetype=asset.mimetype)
        if packed:
            response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
        fresh = request.args.get("v") == asset.version or asset.mimetype == "font/woff2"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "public, max-age=300"
        response.set_etag(asset.version + ("-gz" if packed else ""))
        return response.make_conditional(request)

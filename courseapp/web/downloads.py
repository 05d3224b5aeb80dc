"""Files made while they are sent: what is held does not grow with the number of people in them."""

from __future__ import annotations

from collections.abc import Iterator
from io import SEEK_END
from typing import IO

import structlog
from flask import Response, request, stream_with_context
from werkzeug.wsgi import wrap_file

from courseapp import speech
from courseapp.documents import csv_file, xlsx
from courseapp.documents.table import Table
from courseapp.domain.language import Language
from courseapp.logs import stack

log = structlog.get_logger("courseapp.web")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def table_file(table: Table, ending: str, name: str) -> Response:
    """The table as `csv` or `xlsx`, called `name`; kept in no cache.

    Its rows may be a generator that reads the database, with a session that lasts until the file is sent or its reader
    hangs up. Nothing of it may have been read before.
    """
    response = _spooled(xlsx.spooled(table)) if ending == "xlsx" else _streamed(csv_file.pieces(table))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _streamed(pieces: Iterator[bytes]) -> Response:
    """Read when the request is over, in its contexts again: a session of its own, from the first row to the last."""
    return Response(stream_with_context(_whole_or_broken(pieces, speech.language())), content_type=CSV)


def _whole_or_broken(pieces: Iterator[bytes], language: Language) -> Iterator[bytes]:
    """Half a file is never taken for a whole one: the server breaks the line, and it is written down why."""
    try:
        with speech.speaking(language):
            yield from pieces
    except Exception as problem:
        said = {"problem": type(problem).__name__, "stack": stack(problem)}
        log.error("download_broke", endpoint=request.endpoint, **said)  # noqa: TRY400 - no message, it may name people
        raise


def _spooled(made: IO[bytes]) -> Response:
    size = made.seek(0, SEEK_END)
    made.seek(0)
    response = Response(wrap_file(request.environ, made), content_type=XLSX, direct_passthrough=True)
    response.content_length = size
    return response

"""What is kept about a person, as a file she can take along."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from flask import Response

from courseapp.queries.personal import Record
from courseapp.web.security import keep_secret

LEFT_OUT = ("active", "request_id")


def as_file(records: Sequence[Record], name: str) -> Response:
    """JSON that both people and programs can read; the names of the fields are those of the code, times are UTC."""
    told = [{field: value for field, value in asdict(one).items() if field not in LEFT_OUT} for one in records]
    text = json.dumps({"registrations": told}, ensure_ascii=False, indent=2, default=_plain)
    response = Response(text + "\n", content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return keep_secret(response)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""Files of many people: made while they are sent, holding no more for forty thousand than for ten."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextvars import Context
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import QueuePool
from structlog.testing import capture_logs

from courseapp.db import db
from courseapp.documents import csv_file, xlsx
from courseapp.documents.table import Column, Table
from courseapp.queries import participant_rows
from courseapp.services import load_data
from tests.making import make_event
from tests.pages import Visitor
from tests.people import join, logged_in

COLUMNS = (Column(heading="Navn"), Column(heading="Nr."))
FILES = [".csv", ".xlsx"]
SECRET = "Kari Nordmann is gone"


def path(slug: str, ending: str) -> str:
    return f"/kontor/arrangementer/{slug}/deltakere{ending}"


def sent(visitor: Visitor, address: str, *, stop_after: int | None = None) -> int:
    """Bytes of a file that is thrown away as it comes; with `stop_after` the reader hangs up after so many pieces."""

    def read() -> int:
        answer = visitor.client.open(address, base_url=visitor.base_url)
        assert answer.status_code == 200
        size = 0
        for number, piece in enumerate(answer.iter_encoded(), start=1):
            size += len(piece)
            if number == stop_after:
                break
        answer.close()
        return size

    return Context().run(read)


def peak(work: Callable[[], Any]) -> int:
    """The most that Python held at once while it worked, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def hardly_grows(small: int, large: int) -> bool:
    """Less than 35 bytes a person for thirty thousand more, where one row is a thousand."""
    return large - small < 1024 * 1024


def test_what_is_held_hardly_grows_with_the_number_of_people(app: Flask) -> None:
    few, many = (load_data.generate(1, people, None)[0] for people in (10_000, 40_000))
    visitor = logged_in(app, office="oslo")
    sent(visitor, path(few, ".csv"))  # and what is made once for all
    peaks = [peak(partial(sent, visitor, path(slug, ".csv"))) for slug in (few, many)]
    assert hardly_grows(*peaks), peaks


def spooled(table: Table) -> None:
    xlsx.spooled(table).close()


def test_what_a_spreadsheet_holds_hardly_grows_with_its_rows() -> None:
    peaks = []
    for rows in (10_000, 40_000):
        table = Table(title="Kurs", columns=COLUMNS, rows=((f"Åse {number}", number) for number in range(rows)))
        peaks.append(peak(partial(spooled, table)))
    assert hardly_grows(*peaks), peaks


@pytest.mark.parametrize("ending", FILES)
def test_a_connection_is_given_back_when_a_file_is_sent_and_when_its_reader_hangs_up(app: Flask, ending: str) -> None:
    join(make_event(slug="kurs", capacity=None), 1200)
    visitor = logged_in(app)
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    db.session.remove()
    out = []
    for stop_after in (None, 1):
        sent(visitor, path("kurs", ending), stop_after=stop_after)
        out.append(pool.checkedout())
    assert out == [0, 0]


def broken(after: int) -> Callable[..., Any]:
    """The real reading of rows, until the database goes away."""
    real, calls = participant_rows.rows, iter(range(100))

    def rows(*arguments: Any, **more: Any) -> Any:
        if next(calls) >= after:
            raise OSError(SECRET)
        return real(*arguments, **more)

    return rows


def test_a_file_that_breaks_on_its_way_is_broken_for_its_reader_and_written_down_without_names(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(make_event(slug="kurs", capacity=None), 1200)
    visitor = logged_in(app)
    monkeypatch.setattr(participant_rows, "rows", broken(after=1))
    with capture_logs() as logs, pytest.raises(OSError, match=SECRET):
        sent(visitor, path("kurs", ".csv"))
    told = [one for one in logs if one["event"] == "download_broke"]
    assert [(one["endpoint"], one["problem"]) for one in told] == [("office.participants.as_csv", "OSError")]
    assert SECRET not in str(told)


def test_a_spreadsheet_that_breaks_is_an_ordinary_error(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    join(make_event(slug="kurs"), 3)
    visitor = logged_in(app)
    monkeypatch.setattr(participant_rows, "rows", broken(after=0))
    assert "Noe gikk galt hos oss" in visitor.get(path("kurs", ".xlsx"), expect=500).text


def test_the_whole_file_speaks_the_readers_language(app: Flask) -> None:
    join(make_event(slug="kurs", capacity=None), 1200)
    answer = logged_in(app).ask("GET", path("kurs", ".csv?sprak=en"))
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert (lines[0].split(";")[:2], {line.split(";")[0] for line in lines[1:]}) == (
        ["Status", "No. on the waiting list"],
        {"Registered"},
    )


def rows_that_break() -> Iterator[tuple[str, int]]:
    yield ("Åse", 1)
    raise OSError("gone")


def test_nothing_is_left_of_a_spreadsheet_whose_rows_break() -> None:
    before = set(Path(gettempdir()).glob("courseapp-*"))
    with pytest.raises(OSError, match="gone"):
        xlsx.spooled(Table(title="Kurs", columns=COLUMNS, rows=rows_that_break()))
    assert set(Path(gettempdir()).glob("courseapp-*")) - before == set()


def test_text_comes_in_pieces_that_are_the_whole_together() -> None:
    rows = [(f"Åse {number}", number) for number in range(5000)]
    made = [Table(title="Kurs", columns=COLUMNS, rows=iter(rows)) for _ in range(2)]
    pieces = list(csv_file.pieces(made[0]))
    assert (len(pieces) > 1, b"".join(pieces)) == (True, csv_file.write(made[1]))

"""Files and bodies made to burst a server: each is refused in a sentence, and its memory stays what it was."""

from __future__ import annotations

import http.client
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask

from courseapp import clock
from courseapp.config import Settings
from tests.lived_in import LivedIn, live_in
from tests.load.hostile import HOST, memory
from tests.load.servers import web
from tests.people import logged_in

pytestmark = pytest.mark.load
MB = 1024 * 1024
EDGE = "----bomb"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
TIES = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/></Relationships>'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]><x>&a40;</x>".format(
    "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};'>" for n in range(1, 41))
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"


def workbook(sheet: str | bytes) -> bytes:
    """An xlsx with that as its only sheet."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", TIES.format("officeDocument", "xl/workbook.xml")),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", TIES.format("worksheet", "worksheets/sheet1.xml")),
            ("xl/worksheets/sheet1.xml", sheet),
        ):
            parts.writestr(name, text)
    return made.getvalue()


def million_rows() -> bytes:
    """Packed small: one cell a row."""
    return workbook(SHEET.format("<row><c><v>1</v></c></row>" * 1_000_000))


def smaller_than_it_is() -> bytes:
    """A zip that says of 200 MB that they are ten bytes."""
    made = bytearray(workbook(b"\x00" * (200 * MB)))
    real, told = (200 * MB).to_bytes(4, "little"), (10).to_bytes(4, "little")
    while (at := made.find(real)) >= 0:
        made[at : at + 4] = told
    return bytes(made)


BOMBS: dict[str, Callable[[], bytes]] = {
    "nothing but zeros, 200 MB packed": lambda: workbook(b"\x00" * (200 * MB)),
    "a zip that lies about its size": smaller_than_it_is,
    "entities that laugh": lambda: workbook(LAUGHS),
    "an entity from outside": lambda: workbook(OUTSIDE),
    "a million rows of one cell": million_rows,
    "a row of a million cells": lambda: workbook(SHEET.format("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>")),
    "a csv of one line of 10 MB": lambda: b"a" * (10 * MB),
    "a csv of one line of 4 MB": lambda: b"a" * (4 * MB),
    "a csv of a million semicolons": lambda: b"Navn;E-post\n" + b";" * 1_000_000,
    "a csv of a million lines": lambda: b"Navn;E-post\n" + b"a;b\n" * 1_000_000,
    "quotation marks that never end": lambda: b'"' + b"a\n" * 1_000_000,
    "half of UTF-16": lambda: b"\xff\xfe" + b"a" * 99_999,
    "signs of no alphabet": lambda: bytes(range(128, 256)) * 1000,
    "a zip of nothing": lambda: b"PK\x05\x06" + b"\x00" * 18,
    "half a zip": lambda: workbook("x")[:200],
}


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> LivedIn:
    """An office whose organizer uploads."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))
    return live_in("nord")


def post(port: int, cookie: str, path: str, body: bytes | Iterator[bytes], kind: str, length: int) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": HOST, "Cookie": cookie, "Content-Type": kind, "Content-Length": str(length)}
    try:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except (BrokenPipeError, ConnectionResetError):  # the server has hung up on what nobody will read
        return 0, ""
    finally:
        line.close()


def inside(app: Flask) -> tuple[str, str]:
    """The cookie of an organizer, and a token that it is believed with."""
    visitor = logged_in(app)
    token = visitor.token("/finn")
    kept = visitor.client.get_cookie("courseapp", domain=HOST)
    assert kept is not None
    return f"courseapp={kept.value}", token


@pytest.mark.timeout(300)
def test_no_file_bursts_the_server(app: Flask, settings: Settings, world: LivedIn) -> None:
    cookie, token = inside(app)
    path = f"/kontor/arrangementer/{world.slugs['course']}/deltakere/importer"
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--{EDGE}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="liste.xlsx"\r\n\r\n'
    with web(settings) as server:
        post(server.port, cookie, path, b"", "text/plain", 0)
        before, answers = memory(server.process.pid), {}
        for name, make in BOMBS.items():
            body = head.encode() + make() + f"\r\n--{EDGE}--\r\n".encode()
            status, page = post(server.port, cookie, path, body, f"multipart/form-data; boundary={EDGE}", len(body))
            answers[name] = (status, "error-summary" in page, "root:" in page)
        after = memory(server.process.pid)
    sys.stdout.write(f"\nfiles: {before} MB before, {after} MB after\n")
    assert {name: one for name, one in answers.items() if one[1:] != (True, False)} == {}
    assert {name: one[0] for name, one in answers.items() if one[0] not in {413, 422}} == {}
    assert after - before < 250


@pytest.mark.timeout(300)
def test_no_body_bursts_the_server(app: Flask, settings: Settings, world: LivedIn) -> None:
    """200 MB to whatever takes forms: let by in pieces where a person waits for a sentence, hung up on elsewhere."""
    cookie, _token = inside(app)
    course = f"/kontor/arrangementer/{world.slugs['course']}"
    paths = (
        "/finn",
        f"/arrangementer/{world.slugs['applying']}/pamelding",
        "/kontor/aktiviteter/lim-inn",
        f"{course}/endre",
    )
    kinds = ("application/x-www-form-urlencoded", f"multipart/form-data; boundary={EDGE}")
    with web(settings) as server:
        post(server.port, cookie, "/finn", b"", kinds[0], 0)
        before = memory(server.process.pid)
        answers = {
            (path, kind): post(server.port, cookie, path, _pieces(), kind, 200 * MB)[0]
            for path, kind in zip(paths, kinds * 2, strict=True)
        }
        after = memory(server.process.pid)
    sys.stdout.write(f"\nbodies: {before} MB before, {after} MB after\n")
    assert set(answers.values()) <= {0, 413}, answers
    assert after - before < 120


def _pieces() -> Iterator[bytes]:
    for _ in range(200):
        yield b"a" * MB

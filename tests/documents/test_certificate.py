"""The kursbevis as paper: one page whatever is on it, tagged, with what the register says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pypdf
import pytest
from flask import Flask

from courseapp import speech
from courseapp.documents import certificate, pdf_words
from courseapp.documents.pdf import TEMPLATES
from courseapp.domain.certificate import Content, Issued, number_of, read_code, read_number, shown_code
from courseapp.domain.language import Language
from courseapp.domain.rows import ApprovalRow

CONTENT = Content(
    name="Kåre Ødegård-Bjørnstad",
    hpr_number="1234567",
    remark="Deltok som LIS1.",
    title="Kurs i individuell veiledning i spesialistutdanningen for leger",
    place="Bodø",
    days=(date(2027, 3, 18), date(2027, 4, 15)),
    minutes=1080,
    approvals=(
        ApprovalRow(text="i spesialistutdanningen i samfunnsmedisin", minutes=1080),
        ApprovalRow(text="som klinisk emnekurs i videre- og etterutdanningen i allmennmedisin", minutes=1080),
    ),
    leaders=("Ane Berg", "Bo Dahl"),
    office="Kontoret Nord",
)
ISSUED = Issued(
    id=1,
    number="NORD-2027-0001",
    code="ABCDEFGH",
    content=CONTENT,
    issued_at=datetime(2027, 4, 20, tzinfo=UTC),
    revoked_at=None,
    revoked_reason="",
    replaced_by=None,
)
ADDRESS = "http://kurs.example.org/kursbevis/NORD-2027-0001?kode=ABCDEFGH"


def read(issued: Issued) -> tuple[int, str]:
    reader = pypdf.PdfReader(BytesIO(certificate.write(issued, ADDRESS)))
    return len(reader.pages), " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_everything_it_must_say_stands_on_it() -> None:
    pages, text = read(ISSUED)
    wanted = (
        *("Kursbevis", "Kåre Ødegård-Bjørnstad", "HPR-nummer 1234567", "Deltok som LIS1.", "Ane Berg og Bo Dahl"),
        *("torsdag 18. mars og torsdag 15. april 2027", "Bodø", "18 timer i spesialistutdanningen i samfunnsmedisin"),
        *("NORD-2027-0001", "ABCD-EFGH", "20. april 2027", "Kontoret Nord"),
    )
    assert (pages, [one for one in wanted if one not in text.replace("\N{NO-BREAK SPACE}", " ")]) == (1, [])


@pytest.mark.parametrize(
    "content",
    [
        replace(CONTENT, name="Langtnavnesen " * 8 + "Ødegård"),
        replace(CONTENT, name='#import "x": *', title=CONTENT.title * 3, leaders=("Ane Berg",) * 8),
        replace(CONTENT, hpr_number="", remark="", approvals=(), leaders=(), place=""),
        replace(CONTENT, days=tuple(date(2027, month, 3) for month in range(1, 11))),
    ],
)
def test_it_is_one_page_whatever_stands_on_it(content: Content) -> None:
    pages, text = read(replace(ISSUED, content=content))
    assert (pages, content.name.split()[0] in text, "NORD-2027-0001" in text) == (1, True, True)


def test_the_same_number_is_the_same_paper() -> None:
    assert certificate.write(ISSUED, ADDRESS) == certificate.write(ISSUED, ADDRESS)


def test_the_control_code_stands_in_the_qr_code_and_not_in_the_printed_address() -> None:
    _pages, text = read(ISSUED)
    assert ("kode=" in text, "kurs.example.org/" in text) == (False, True)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("nord-2027-0001", "NORD-2027-0001"),
        (" OST 2027 12345 ", "OST-2027-12345"),
        ("NORD–2027–0001", "NORD-2027-0001"),
        ("NORD-27-1", None),
        ("", None),
        ("NORD-2027-0001'--", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str | None) -> None:
    assert read_number(typed) == number


def test_codes_and_numbers_look_as_on_paper() -> None:
    assert (shown_code("ABCDEFGH"), read_code(" abcd efgh"), number_of("ost", 2027, 7)) == (
        "ABCD-EFGH",
        "ABCDEFGH",
        "OST-2027-0007",
    )


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            Language.NYNORSK,
            ("har gjennomført", "torsdag 18. mars og torsdag 15. april 2027", "Kurshaldarar", "18 timar"),
        ),
        (
            Language.ENGLISH,
            ("Course certificate Kåre", "has completed", "Thursday 18 March and Thursday 15 April 2027", "18 hours"),
        ),
    ],
)
def test_it_speaks_the_language_it_was_issued_in(app: Flask, language: Language, wanted: tuple[str, ...]) -> None:
    with speech.speaking(Language.BOKMAL):  # whoever prints it may speak another
        _pages, text = read(replace(ISSUED, content=replace(CONTENT, language=language)))
    assert [one for one in wanted if one not in text.replace("\N{NO-BREAK SPACE}", " ")] == []


def test_the_words_of_paper_are_those_that_its_templates_say() -> None:
    said = {
        word for file in TEMPLATES.glob("*.typ") for word in re.findall(r'say\("([^"]+)"\)', file.read_text("utf-8"))
    }
    assert said == {*pdf_words.WORDS, pdf_words.ONE}

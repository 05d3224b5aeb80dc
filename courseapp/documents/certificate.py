"""The kursbevis itself. What it says comes from the register, so the same number is the same paper for ever."""

from __future__ import annotations

from typing import Any

from courseapp import speech, when, wording
from courseapp.documents import pdf, pdf_words, qr
from courseapp.domain.certificate import Issued, shown_code


def write(issued: Issued, address: str) -> bytes:
    """One page, A4. `address` is where its number can be checked; it stands there as text and as a code."""
    return pdf.write("certificate", {**_common(issued), "papers": [_paper(issued, address)]}, at=issued.issued_at)


def write_all(issued: list[Issued], addresses: list[str]) -> bytes:
    """Several in one file, a page each, for the office to print."""
    papers = [_paper(one, address) for one, address in zip(issued, addresses, strict=True)]
    return pdf.write("certificate", {**_common(issued[0]), "papers": papers}, at=issued[0].issued_at)


def _common(issued: Issued) -> dict[str, Any]:
    with speech.speaking(issued.content.language):
        title = speech.said("Kursbevis: %(course)s", course=issued.content.title)
        return {"title": title, "office": issued.content.office, "language": speech.language()}


def _paper(issued: Issued, address: str) -> dict[str, Any]:
    with speech.speaking(issued.content.language):
        return _facts(issued, address)


def _facts(issued: Issued, address: str) -> dict[str, Any]:
    content, code = issued.content, shown_code(issued.code)
    shown = address.partition("?")[0]
    return {
        "language": content.language,
        "words": pdf_words.words(),
        "name": content.name,
        "hpr": speech.said("HPR-nummer %(number)s", number=content.hpr_number) if content.hpr_number else "",
        "remark": speech.said(content.remark) if content.remark else "",
        "course": content.title,
        "place": content.place,
        "days": when.weekday_dates(content.days),
        "hours": wording.hours(content.minutes),
        "approvals": [{"hours": wording.hours(one.minutes), "text": one.text} for one in content.approvals],
        "leaders": wording.listed(list(content.leaders)),
        "leaders_word": speech.said("Kursholdere") if len(content.leaders) > 1 else speech.said("Kursholder"),
        "issued": speech.said(
            "Utstedt %(day)s av %(office)s", day=when.short_day(issued.issued_at), office=content.office
        ),
        "office": content.office,
        "number": issued.number,
        "check": speech.said(
            "Kontrollkode %(code)s. Er kursbeviset ekte? Sjekk på %(address)s", code=code, address=shown
        ),
        "address": shown,
        "qr": qr.svg(address),
    }

"""The kursbevis itself. What it says comes from the register, so the same number is the same paper for ever."""

from __future__ import annotations

from typing import Any

from courseapp import wording
from courseapp.documents import pdf, qr
from courseapp.domain.certificate import Issued, shown_code


def write(issued: Issued, address: str) -> bytes:
    """One page, A4. `address` is where its number can be checked; it stands there as text and as a code."""
    return pdf.write("certificate", {**_common(issued), "papers": [_paper(issued, address)]}, at=issued.issued_at)


def write_all(issued: list[Issued], addresses: list[str]) -> bytes:
    """Several in one file, a page each, for the office to print."""
    papers = [_paper(one, address) for one, address in zip(issued, addresses, strict=True)]
    return pdf.write("certificate", {**_common(issued[0]), "papers": papers}, at=issued[0].issued_at)


def _common(issued: Issued) -> dict[str, Any]:
    return {"title": f"Kursbevis: {issued.content.title}", "office": issued.content.office}


def _paper(issued: Issued, address: str) -> dict[str, Any]:
    content = issued.content
    return {
        "name": content.name,
        "hpr": f"HPR-nummer {content.hpr_number}" if content.hpr_number else "",
        "remark": content.remark,
        "course": content.title,
        "place": content.place,
        "days": wording.weekday_dates(content.days),
        "hours": wording.hours(content.minutes),
        "approvals": [{"hours": wording.hours(one.minutes), "text": one.text} for one in content.approvals],
        "leaders": wording.listed(list(content.leaders)),
        "leaders_word": "Kursholdere" if len(content.leaders) > 1 else "Kursholder",
        "office": content.office,
        "issued": wording.short_day(issued.issued_at),
        "number": issued.number,
        "code": shown_code(issued.code),
        "address": address.partition("?")[0],
        "qr": qr.svg(address),
    }

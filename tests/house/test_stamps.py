"""Statements that write many rows at once pass by the stamps: each of them is known, and why it may."""

from __future__ import annotations

import re

from courseapp.config import ROOT

SHOWN = "Event|EventSession|Approval|EventLeader|EventPartner|Registration|CourseLeader|Office|District"
BULK = re.compile(rf"\b(?:update|delete|insert|insert_or_update)\((?:tx, )?(?:{SHOWN}|[A-Z_]*TABLE)\)")
KNOWN = {
    "models/stamps.py": 3,  # the stamps themselves
    "services/demo.py": 2,  # the demo is made before anybody looks at it
    "services/forgetting.py": 3,  # names, which no public page shows
    "services/past_load.py": 2,  # events that come with everything they will ever have
    "services/rooms.py": 1,  # the room of everybody, when the event itself changes too
}


def test_every_statement_over_many_rows_is_known() -> None:
    files = sorted((ROOT / "courseapp").rglob("*.py"))
    found = {str(file.relative_to(ROOT / "courseapp")): len(BULK.findall(file.read_text())) for file in files}
    assert {name: count for name, count in found.items() if count} == KNOWN


def test_the_pattern_finds_them() -> None:
    told = (
        "tx.execute(update(Registration).where()); insert_or_update(tx, Event); delete(EventSession); update(Message); "
        "update(_TABLE)"
    )
    assert len(BULK.findall(told)) == 4

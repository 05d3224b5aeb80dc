"""Which lines of two offices look like the same activity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from courseapp.domain import doubles
from courseapp.domain.doubles import Line
from courseapp.domain.event import EventKind

LINE = Line(
    event_id=1,
    office_id=1,
    kind=EventKind.ALIS_DAG,
    title="ALIS-dag",
    place="Bodø",
    days=(date(2026, 3, 18),),
    typed=True,
)
OTHER = replace(LINE, event_id=2, office_id=2)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (OTHER, True),
        (replace(OTHER, title="Alis dag"), True),
        (replace(OTHER, title="Fagdag"), True),
        (replace(OTHER, kind=EventKind.OTHER), True),
        (replace(OTHER, place=""), True),
        (replace(OTHER, place="", title="Fagdag"), False),
        (replace(OTHER, title="Fagdag", kind=EventKind.OTHER), False),
        (replace(OTHER, place="Alta"), False),
        (replace(OTHER, days=(date(2026, 3, 19),)), False),
        (replace(OTHER, office_id=1), False),
        (replace(OTHER, typed=False), True),
    ],
)
def test_same_days_and_the_same_title_or_kind_and_place(other: Line, same: bool) -> None:
    assert (doubles.alike(LINE, other), doubles.alike(other, LINE)) == (same, same)
    assert doubles.pairs([LINE, other]) == ([(LINE, other)] if same else [])


def test_two_that_people_signed_up_for_are_two() -> None:
    assert doubles.pairs([replace(LINE, typed=False), replace(OTHER, typed=False)]) == []


def test_lines_without_days_are_never_alike() -> None:
    assert doubles.pairs([replace(LINE, days=()), replace(OTHER, days=())]) == []

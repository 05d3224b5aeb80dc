"""Readable ends of addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseapp.domain.slugs import LONGEST, dated, numbered, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Veilederkurs Bodø 2027", "veilederkurs-bodo-2027"),
        ("Ærlig øvelse på Åmot", "aerlig-ovelse-pa-amot"),
        ("ALIS- og SamLIS konferansen", "alis-og-samlis-konferansen"),
        ("  «5 år og verdensmester?»  ", "5-ar-og-verdensmester"),
        ("Ma\u030al", "mal"),
        ("Kárášjohka – Čáhci", "karasjohka-cahci"),
        ("Bücher & Köln", "bucher-koln"),
        ("", "arrangement"),
        ("???", "arrangement"),
        ("漢字", "arrangement"),
        (
            "Kurs i individuell veiledning i spesialistutdanningen for leger",
            "kurs-i-individuell-veiledning-i-spesialistutdanningen-for",
        ),
        ("a" * 80, "a" * 60),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_any_text_gives_a_slug_that_can_stand_in_an_address(text: str) -> None:
    slug = slugify(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST
    assert slugify(slug) == slug


def test_an_ending_is_never_cut_off() -> None:
    assert dated("ALIS-kveld på Frogner", "mars 2027") == "alis-kveld-pa-frogner-mars-2027"
    assert dated("ord " * 40, "mars 2027") == "ord-ord-ord-ord-ord-ord-ord-ord-ord-ord-ord-mars-2027"
    assert dated("ALIS-kveld", "") == "alis-kveld"


def test_a_taken_slug_gets_the_first_free_number() -> None:
    assert numbered("kurs", set()) == "kurs"
    assert numbered("kurs", {"kurs"}) == "kurs-2"
    assert numbered("kurs", {"kurs", "kurs-2", "kurs-4"}) == "kurs-3"


def test_a_number_makes_room_for_itself() -> None:
    long = "a" * 60
    assert numbered(long, {long}) == "a" * 58 + "-2"
    assert numbered("a" * 57 + "-bb", {"a" * 57 + "-bb"}) == "a" * 57 + "-2"

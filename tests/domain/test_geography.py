"""The municipalities of 1 January 2024: all of them, in order, found by what people write."""

from __future__ import annotations

from collections import Counter

import pytest

from courseapp.domain.geography import (
    REGION_OF_COUNTY,
    SAMI_NAMES,
    municipalities,
    municipality,
    municipality_names,
    region_of,
)

PER_COUNTY = {
    "Østfold": 12,
    "Akershus": 21,
    "Oslo": 1,
    "Innlandet": 46,
    "Buskerud": 18,
    "Vestfold": 6,
    "Telemark": 17,
    "Agder": 25,
    "Rogaland": 23,
    "Vestland": 43,
    "Møre og Romsdal": 27,
    "Trøndelag": 38,
    "Nordland": 41,
    "Troms": 21,
    "Finnmark": 18,
}


def test_every_county_has_as_many_as_it_has() -> None:
    assert Counter(one.county for one in municipalities()) == PER_COUNTY
    assert sum(PER_COUNTY.values()) == len(municipalities()) == 357


def test_every_office_serves_as_many_as_it_does() -> None:
    expected = {"sor": 60, "nord": 80, "midt": 65, "vest": 66, "ost": 85, "oslo": 1}
    assert Counter(region_of(one) for one in municipalities()) == expected
    assert REGION_OF_COUNTY.keys() == PER_COUNTY.keys()


def test_numbers_are_four_digits_and_tell_the_county() -> None:
    numbers = [one.number for one in municipalities()]
    assert len(set(numbers)) == 357
    assert all(len(number) == 4 and number.isdecimal() for number in numbers)
    county_numbers = {(one.number[:2], one.county) for one in municipalities()}
    assert len(county_numbers) == 15
    assert numbers == sorted(numbers)


def test_names_are_unique_and_in_norwegian_order() -> None:
    names = list(municipality_names())
    assert len(names) == len(set(names)) == 357
    assert names[:3] == ["Alstahaug", "Alta", "Alvdal"]
    assert names[-6:] == ["Åmli", "Åmot", "Årdal", "Ås", "Åseral", "Åsnes"]
    first_letters = "".join(dict.fromkeys(name[0] for name in names))
    assert first_letters == "ABDEFGHIJKLMNOPRSTUVØÅ"
    assert names.index("Bærum") < names.index("Bø") < names.index("Bømlo") < names.index("Båtsfjord")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("Bodø", "1804"),
        ("bodø", "1804"),
        ("  BODØ   kommune ", "1804"),
        ("Bodø Kommune", "1804"),
        ("1804", "1804"),
        ("301", "0301"),
        ("0301", "0301"),
        ("Oslo kommune", "0301"),
        ("nord fron", "3436"),
        ("Nord-Fron", "3436"),
        ("møre  og romsdal", None),
        ("Evje og  Hornnes", "4219"),
        ("Våler (Innlandet)", "3419"),
        ("våler (østfold)", "3114"),
        ("Våler i Østfold", "3114"),
        ("Våler kommune, Innlandet", "3419"),
        ("Herøy (Nordland)", "1818"),
        ("Herøy (Møre og Romsdal)", "1515"),
        ("Våler", None),
        ("Herøy kommune", None),
        ("Kárášjohka - Karasjok", "5610"),
        ("Kárášjohka", "5610"),
        ("Deatnu-Tana", None),
        ("Deatnu/Tana", "5628"),
        ("Porsanger – Porsáŋgu – Porsanki", "5622"),
        ("Bodo\u0308", None),
        ("Bodø\u00a0kommune", "1804"),
        ("Ha\u030a", "1119"),
        ("", None),
        ("kommune", None),
        ("9999", None),
        ("²", None),
        ("Atlantis", None),
    ],
)
def test_what_people_write(written: str, number: str | None) -> None:
    found = municipality(written)
    assert (found.number if found else None) == number


def test_every_label_and_number_finds_its_own() -> None:
    for one in municipalities():
        assert municipality(one.label) == municipality(one.number) == municipality(f"{one.name}, {one.county}") == one


def test_sami_names_belong_to_the_north_and_the_middle_and_inner_country() -> None:
    found = {number: municipality(name) for number, name in SAMI_NAMES.items()}
    assert {number: one.number for number, one in found.items() if one} == {number: number for number in SAMI_NAMES}
    assert {region_of(one) for one in found.values() if one} == {"nord", "midt"}

"""The 357 municipalities as of 1 January 2024, and which office serves each. The package's data is read once."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from courseapp.domain import names

REGION_OF_COUNTY = {
    "Nordland": "nord",
    "Troms": "nord",
    "Finnmark": "nord",
    "Trøndelag": "midt",
    "Møre og Romsdal": "midt",
    "Vestland": "vest",
    "Rogaland": "vest",
    "Innlandet": "ost",
    "Akershus": "ost",
    "Buskerud": "ost",
    "Agder": "sor",
    "Telemark": "sor",
    "Vestfold": "sor",
    "Østfold": "sor",
    "Oslo": "oslo",
}
"""The office that serves a county, by its slug."""

SAMI_NAMES = {
    "1826": "Aarborte",
    "1841": "Fuosko",
    "1853": "Evenášši",
    "1875": "Hábmer",
    "5007": "Nåavmesjenjaelmie",
    "5025": "Rosse",
    "5041": "Snåase",
    "5043": "Raarvihke",
    "5501": "Romsa",
    "5503": "Hárstták",
    "5512": "Dielddanuorri",
    "5518": "Loabák",
    "5538": "Omasvuotna",
    "5540": "Gáivuotna",
    "5610": "Kárášjohka",
    "5612": "Guovdageaidnu",
    "5622": "Porsáŋgu",
    "5628": "Deatnu",
    "5636": "Unjárga",
}
"""Official Sámi names that people may write instead of the Norwegian one."""

_DOUBLE_NAME = re.compile(r"\s+[-–/]\s+|/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A kommune: its four-digit number, its own name, its fylke, and `label`, which no other kommune has."""

    number: str
    name: str
    county: str
    label: str


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All of them, in the order of their numbers."""
    text = files("courseapp").joinpath("data", "municipalities.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = [row["name"] for row in rows]
    return tuple(
        Municipality(**row, label=f"{row['name']} ({row['county']})" if names.count(row["name"]) > 1 else row["name"])
        for row in rows
    )


@cache
def municipality_names() -> tuple[str, ...]:
    """Every label in Norwegian order, æ, ø and å last; «Våler (Innlandet)» is apart from «Våler (Østfold)»."""
    return tuple(sorted((one.label for one in municipalities()), key=lambda label: names.sort_key(label, "")))


def municipality(text: str) -> Municipality | None:
    """The kommune somebody means, by name or number; None when there is none, or two («Våler»).

    Case, spaces, punctuation, the word «kommune» and a Sámi double name («Kárášjohka - Karasjok») make no difference.
    """
    known = _by_key()
    parts = [text, *_DOUBLE_NAME.split(text)]
    return next((known[key] for key in map(_key, parts) if key in known), None)


def region_of(municipality: Municipality) -> str:
    """Slug of the office that serves a kommune (by its fylke)."""
    return REGION_OF_COUNTY[municipality.county]


def _key(text: str) -> str:
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text).casefold()).strip()
    words = words.removeprefix("kommune ").removesuffix(" kommune").replace(" kommune ", " ")
    return words.zfill(4) if words.isdecimal() else words  # a spreadsheet makes 301 of 0301


@cache
def _by_key() -> dict[str, Municipality]:
    found: dict[str, Municipality] = {}
    for one in municipalities():
        keys = {one.number, _key(one.label), _key(f"{one.name} {one.county}"), _key(f"{one.name} i {one.county}")}
        if one.number in SAMI_NAMES:
            keys.add(_key(SAMI_NAMES[one.number]))
        found |= dict.fromkeys(keys, one)
    return found

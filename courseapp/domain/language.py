"""The languages people can choose between, and which of them a browser's wishes come to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Language(StrEnum):
    """By BCP 47 code. What the offices write themselves is shown as they wrote it, whatever is chosen."""

    BOKMAL = "nb"
    NYNORSK = "nn"
    ENGLISH = "en"


NAMES = {Language.BOKMAL: "Bokmål", Language.NYNORSK: "Nynorsk", Language.ENGLISH: "English"}
"""Each as its own readers call it."""

NAMES = {Language.BOKMAL: "Bokmål", Language.NYNORSK: "Nynorsk", Language.ENGLISH: "English"}
"""Each as its own readers call it."""

NORWEGIAN = {"no": Language.BOKMAL, "nb": Language.BOKMAL, "nn": Language.NYNORSK}


def named(code: str | None) -> Language | None:
    """The language of a code somebody sent; None where there is none such."""
    return Language(code) if code in set(Language) else None


def preferred(wishes: Iterable[str]) -> Language:
    """The first Norwegian among a browser's wishes, in its order, bokmål where there is none.

    English is never guessed: many Norwegian doctors have an English telephone, and the courses are in Norwegian. Who
    wants it chooses it. `no` is what older browsers call bokmål.
    """
    codes = (wish.lower().replace("_", "-").partition("-")[0] for wish in wishes)
    return next((NORWEGIAN[code] for code in codes if code in NORWEGIAN), Language.BOKMAL)

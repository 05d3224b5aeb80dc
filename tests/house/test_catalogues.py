"""Every sentence is said in every language, whole, and packed as it stands in the catalogue."""

from __future__ import annotations

import re

import pytest

from courseapp.domain.language import Language
from tests.house import catalogues
from tests.house.catalogues import TRANSLATED

HELD_OVER = re.compile(r"%\([a-z_]+\)[sd]|%%|\{[a-z]+\}|<[^>]+>|https?://\S+")
"""What a translation must hand on as it is: values, merge fields, markup, addresses."""

NOT_NYNORSK = re.compile(
    r"\b(ikke|hva|hvem|hvor|hvordan|hvis|noen|være|gjøre|påmeldingen|deltakere|kursholder|jeg)\b", re.IGNORECASE
)
QUOTED = re.compile(r"«[^»]*»|‘[^’]*’")


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(language: Language) -> None:
    wanted = {catalogues.key(one) for one in catalogues.messages(catalogues.wanted())}
    known = {catalogues.key(one) for one in catalogues.messages(catalogues.catalogue(language))}
    assert len(wanted) > 2700
    assert (sorted(wanted - known), sorted(known - wanted)) == ([], []), "renew them: make words"


@pytest.mark.parametrize("language", TRANSLATED)
def test_none_is_empty_or_guessed(language: Language) -> None:
    found = list(catalogues.messages(catalogues.catalogue(language)))
    assert [one.id for one in found if not str(one.string).strip() or one.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_values_and_markup_are_handed_on(language: Language) -> None:
    differ = [
        (one.id, one.string)
        for one in catalogues.messages(catalogues.catalogue(language))
        if sorted(HELD_OVER.findall(str(one.id))) != sorted(HELD_OVER.findall(str(one.string)))
    ]
    assert differ == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_packed_is_what_is_written(language: Language) -> None:
    assert catalogues.path(language, "mo").read_bytes() == catalogues.packed(catalogues.catalogue(language)), (
        "pack them: make words"
    )


def test_no_bokmal_is_left_in_nynorsk_and_nobody_shouts() -> None:
    nynorsk = [str(one.string) for one in catalogues.messages(catalogues.catalogue(Language.NYNORSK))]
    english = [str(one.string) for one in catalogues.messages(catalogues.catalogue(Language.ENGLISH))]
    assert [text for text in nynorsk if NOT_NYNORSK.search(QUOTED.sub("", text))] == []
    assert [text for text in nynorsk + english if "!" in text or text.lower().startswith("please")] == []


def test_a_sentence_is_found_wherever_it_is_marked() -> None:
    code = """said("Hei %(name)s", name=_("du")); f"{speech.said('her')}"; pgettext("flere", "kurs"); print("nei")"""
    assert set(catalogues.sentences(code)) == {("Hei %(name)s", ""), ("du", ""), ("her", ""), ("kurs", "flere")}

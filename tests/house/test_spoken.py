"""Every page of every door in English and nynorsk: nothing of ours is left in bokmål on the way to the reader."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

from courseapp.domain import report_heads
from courseapp.domain.language import Language
from tests.house import access, catalogues
from tests.house.access import Walk
from tests.pages import XHTML

HEADS = frozenset(head for table in report_heads.heads_of("nord", {}).values() for head in table.values())
"""The heads of the yearly report's tables are the office's own, in the language of the report."""

SPOKEN = ("title", "aria-label", "alt", "placeholder")


@cache
def told_otherwise(language: Language) -> frozenset[str]:
    """Whole sentences without values that are said differently in that language, and nowhere mean themselves."""
    there = {str(one.string) for one in catalogues.messages(catalogues.catalogue(language))}
    plain = (one for one in catalogues.messages(catalogues.catalogue(language)) if "%" not in str(one.id))
    return frozenset(str(one.id) for one in plain if one.id != one.string) - there - HEADS


@pytest.fixture
def walk(app: Flask, kind: str) -> Iterator[Walk]:
    """A visitor at the doors of two offices that are lived in."""
    made = access.begin(app, kind)
    yield made
    made.done()


@pytest.mark.parametrize(
    ("language", "kind"),
    [
        (Language.NYNORSK, "participant"),
        *((Language.ENGLISH, kind) for kind in ("participant", "course leader", "organizer", "national administrator")),
    ],
)
def test_no_page_says_anything_of_ours_in_another_language(
    app: Flask, walk: Walk, kind: str, language: Language
) -> None:
    left, pages = [], 0
    for method, rule in access.routes(app):
        if method == "GET":
            path = access.address(rule, walk.world, kind)
            answer = walk.visitor.ask("GET", f"{path}{'&' if '?' in path else '?'}sprak={language.value}")
            if answer.mimetype == "text/html" and answer.status_code == 200:
                pages += 1
                tree = html5lib.parse(answer.get_data(as_text=True))
                assert tree.get("lang") == language.value, path
                left += [(rule.endpoint, text) for text in said(tree) if text in told_otherwise(language)]
    assert (left, pages > 12) == ([], True)


def said(tree: Element) -> Iterator[str]:
    """The texts of a page that are ours: not what stands in an element which says it is Norwegian."""
    if tree.get("lang") == "no" or tree.tag == XHTML + "script":
        return
    yield from (text for name in SPOKEN if (text := " ".join((tree.get(name) or "").split())))
    yield " ".join((tree.text or "").split())
    for child in tree:
        yield from said(child)
        yield " ".join((child.tail or "").split())


def test_a_sentence_left_behind_is_found() -> None:
    tree = html5lib.parse(
        '<html><body><p>Du har plass</p><p lang="no">Venteliste</p><img alt="Påmelding"></body></html>'
    )
    assert {"Du har plass", "Påmelding"} <= set(said(tree))
    assert "Venteliste" not in set(said(tree))
    assert "Du har plass" in told_otherwise(Language.ENGLISH)

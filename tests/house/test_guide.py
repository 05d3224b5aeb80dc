"""The guide cannot age in words: what it quotes is said, where it leads is something, and nothing is left over."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from courseapp.config import ROOT
from courseapp.web import guide
from courseapp.web.office import help as office_help
from tests.house import guide as text
from tests.house.test_routes import NO_TEMPLATE, ROUTES

PAGES = text.files()
LONGEST_LINES = 75
SHORTEST_ALT = 20


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_quotes_is_what_the_application_says(name: str) -> None:
    found = text.quoted(PAGES[name])
    assert [one for one in found if not text.said(one) and one not in text.NOT_OURS] == []


def test_an_old_name_of_a_button_is_found_out() -> None:
    now = text.quoted("Trykk «Publiser» og «Send til 27\n   personer», ikke «Publisér nå» eller «Ada, i dag».")
    assert [text.said(one) for one in now] == [True, True, False, False]


def test_no_exception_is_left_over() -> None:
    quoted = {one for page in PAGES.values() for one in text.quoted(page)}
    assert {one for one in text.NOT_OURS if one not in quoted or text.said(one)} == set()


def test_every_page_is_in_the_index_once_and_its_title_is_the_one_there() -> None:
    listed = [(name, title) for chapter in guide.chapters() for name, title in chapter.pages]
    assert sorted(name for name, _title in listed) == sorted(set(PAGES) - {guide.INDEX})
    assert listed == [(name, guide.title(name)) for name, _title in listed]


def test_links_between_pages_lead_somewhere() -> None:
    led = {(name, where) for name, page in PAGES.items() for where in text.links(page)}
    assert {(name, where) for name, where in led if where.removesuffix(".md") not in PAGES} == set()
    assert len(led) > len(PAGES)


def test_every_picture_is_there_says_what_it_shows_and_none_is_there_for_nothing() -> None:
    there = sorted(file.stem for file in (ROOT / "static" / "guide").glob("*"))
    assert sorted(text.shown()) == there
    told = {words for page in PAGES.values() for _name, words in text.pictures(page)}
    assert [words for words in told if len(words) < SHORTEST_ALT] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_short_and_calm(name: str) -> None:
    page = PAGES[name]
    assert (page.count("\n") <= LONGEST_LINES, re.findall(r"!(?!\[)|[Vv]ennligst", page)) == (True, [])
    if name != guide.INDEX:
        assert "## Hva kan gå galt" in page


def test_help_leads_from_pages_that_are_there_to_pages_that_are_there(app: Flask) -> None:
    ours = [one for group in office_help.ABOUT.values() for one in group.split()]
    assert set(office_help.ABOUT) <= set(guide.names())
    assert {f"office.{one}" for one in ours} <= set(ROUTES) - NO_TEMPLATE
    assert len(ours) == len(set(ours))

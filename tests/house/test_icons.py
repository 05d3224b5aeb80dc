"""The icons: what a page names is there, and what is there is named by a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from courseapp.config import ROOT
from courseapp.web.icons import icon, names
from tests.pages import Visitor

VENDORED = set(names())
CALLED = re.compile(r"\bicon\(\s*['\"]([^'\"]+)['\"]\s*\)")
LISTED = re.compile(r"{% set \w+_icons = {(.*?)} %}")
SAID = re.compile(r":\s*['\"]([^'\"]+)['\"]")
TAGGED = re.compile(r"\btag\([^{}]*,\s*['\"][\w-]+['\"],\s*['\"]([\w-]+)['\"]\)")


def named(text: str) -> set[str]:
    """The icons a template names: in a call, in a list of icons, or as the drawing of a tag."""
    listed = {name for line in LISTED.findall(text) for name in SAID.findall(line)}
    return set(CALLED.findall(text)) | listed | set(TAGGED.findall(text))


def templates() -> list[Path]:
    """Every template of the pages."""
    return [file for file in (ROOT / "templates").rglob("*.html") if "mail" not in file.parts]


def test_every_icon_that_is_named_is_there_and_none_is_there_for_nothing() -> None:
    wanted = {name for file in templates() for name in named(file.read_text(encoding="utf-8"))}
    assert wanted == VENDORED
    assert 15 <= len(VENDORED) <= 25


def test_all_ways_of_naming_one_are_seen() -> None:
    text = """{{ icon('plus') }} {% set some_icons = {'a': 'clock', 'b': "lock"} %}"""
    assert named(text + """ {{ tag(_("Feil"), "danger", "send") }}""") == {"plus", "clock", "lock", "send"}


def test_an_icon_that_is_not_there_stops_the_page() -> None:
    with pytest.raises(LookupError, match="airplane"):
        icon("airplane")


@pytest.mark.parametrize("name", sorted(VENDORED))
def test_an_icon_is_hidden_and_drawn_in_the_colour_of_the_text(name: str) -> None:
    drawing = str(icon(name))
    assert drawing.startswith('<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor"')
    assert 'aria-hidden="true" focusable="false"><' in drawing
    assert re.findall(r"<!--|\bid=|\bstyle=|https?:|\n", drawing) == []
    assert len(drawing) > 200


def test_pages_draw_them_without_asking_for_more(app: Flask) -> None:
    page = Visitor(app).ask("GET", "/").get_data(as_text=True)
    assert str(icon("calendar")) in page
    assert "lucide" not in page

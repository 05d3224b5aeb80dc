"""Every page of every door: from 320 to 1600 pixels, in both themes, in three languages (docs/pages.md says which)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import axe, pages, sweep
from tests.browser.conftest import PHONE, Visits
from tests.browser.places import PLACES
from tests.browser.site import Site
from tests.browser.sweep import Look
from tests.browser.ways import Place
from tests.house.test_routes import NO_TEMPLATE, ROUTES

BAD = """<!doctype html><html lang="nb"><head><title>En side</title></head><body><main><h1>En side</h1>
<form><input name="email"><button style="display:block;width:12px;height:12px;padding:0">x</button></form>
<p style="color:#999;background:#fff">Nesten ikke til å se</p></main></body></html>"""


def name(place: Place) -> str:
    return place.name.replace(" ", "-")


@pytest.mark.parametrize("place", PLACES, ids=name)
def test_everybody_can_use(phone: Page, site: Site, place: Place) -> None:
    look = Look(phone, site, place)
    look.everywhere()
    assert look.wrong == []
    if pages.being_made():
        pages.keep(place, look.row())
    else:
        assert look.row() in sweep.rows()


def test_the_table_has_a_line_for_each_page_in_their_order() -> None:
    assert [pages.begins(row) for row in sweep.rows()] == [sweep.about(place) for place in PLACES]


def test_every_page_is_among_them() -> None:
    assert {place.endpoint for place in PLACES} - {None} == set(ROUTES) - NO_TEMPLATE


def test_a_page_that_some_cannot_use_is_found_out(visit: Visits) -> None:
    page = visit(PHONE)
    page.set_content(BAD)
    assert {line.split(":")[0] for line in axe.violations(page)} >= {"label", "color-contrast"}
    assert axe.violations(page, axe.CHANGING)[0].startswith("color-contrast: p: ")
    assert [line.split(":")[0].split()[0] for line in axe.small_targets(page)] == ["<input", "<button"]


def test_trouble_behind_a_page_is_heard(visit: Visits) -> None:
    page = visit(PHONE)
    page.goto("/")
    page.evaluate("() => { setTimeout(() => { throw new Error('broken') }); console.error('spilled') }")
    page.evaluate("() => Promise.allSettled([fetch('/static/gone.css'), fetch('http://elsewhere.example.org/')])")
    page.evaluate("() => new Promise(done => setTimeout(done))")
    heard = "\n".join(visit.troubles)
    visit.troubles.clear()
    for trouble in ("broken", "spilled", "404 from", "Content Security Policy"):
        assert trouble in heard

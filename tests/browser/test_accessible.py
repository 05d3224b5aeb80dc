"""Every page of every door, in both themes, on a phone and at a desk, down to 320 pixels."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response, expect

from tests.browser import axe
from tests.browser.conftest import DESK, PHONE, Visits
from tests.browser.places import PLACES
from tests.browser.site import Site
from tests.browser.ways import Place
from tests.house.test_routes import NO_TEMPLATE, ROUTES

BAD = """<!doctype html><html lang="nb"><head><title>En side</title></head><body><main><h1>En side</h1>
<form><input name="email"><button style="display:block;width:12px;height:12px;padding:0">x</button></form>
<p style="color:#999;background:#fff">Nesten ikke til å se</p></main></body></html>"""


@pytest.mark.parametrize("place", PLACES, ids=[place.name.replace(" ", "-") for place in PLACES])
def test_everybody_can_use(visit: Visits, site: Site, place: Place) -> None:
    page = visit(PHONE)
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one) if one.request.is_navigation_request() else None)
    place.go(page, site)
    page.wait_for_url(lambda url: site.endpoint(url) == place.endpoint)
    expect(page.locator(place.shows).first).to_be_visible()
    assert (answers[-1].status, site.endpoint(page.url)) == (place.status, place.endpoint)

    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert axe.violations(page) == []
    assert axe.small_targets(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("() => document.scrollingElement.scrollWidth") == 320
    page.set_viewport_size({"width": DESK, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert axe.violations(page) == []
    assert axe.small_targets(page) == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth") == DESK


def test_every_page_is_among_them() -> None:
    assert {place.endpoint for place in PLACES} - {None} == set(ROUTES) - NO_TEMPLATE


def test_a_page_that_some_cannot_use_is_found_out(visit: Visits) -> None:
    page = visit(PHONE)
    page.set_content(BAD)
    assert {line.split(":")[0] for line in axe.violations(page)} >= {"label", "color-contrast"}
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

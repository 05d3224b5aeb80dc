"""Wherever the Tab key stops one sees where one is: in both themes, and in the system's own colours."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visits
from tests.browser.site import Site
from tests.browser.test_keyboard import REMEMBER, stops
from tests.browser.ways import desk

SCHEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "own colours": {"forced_colors": "active"},
}
UNSEEN = """() => [...document.querySelectorAll(".ds-tag, .seats svg path, .ds-button:not([data-variant='tertiary'])")]
    .filter(one => one.checkVisibility())
    .filter(one => {
        const style = getComputedStyle(one);
        const drawn = one.tagName === "path" ? [style.fill, style.stroke] : [style.borderTopColor];
        const line = one.tagName === "path" || parseFloat(style.borderTopWidth) > 0;
        const paper = getComputedStyle(document.body).backgroundColor;
        return !line || drawn.every(colour => colour === "none" || colour === paper);
    })
    .map(one => one.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("address", ["/stil", "/arrangementer"])
def test_every_stop_is_marked(visit: Visits, site: Site, scheme: str, address: str) -> None:
    page = visit()
    page.emulate_media(**SCHEMES[scheme])  # type: ignore[arg-type]
    desk(address)(page, site)
    page.evaluate(REMEMBER)
    found = stops(page)
    assert len(found) > 10
    assert [(one.kind, one.words) for one in found if not one.marked] == []


def test_marks_and_tags_have_lines_where_colours_are_the_systems(visit: Visits, site: Site) -> None:
    page = visit()
    page.emulate_media(forced_colors="active")
    desk("/stil")(page, site)
    assert page.locator(".ds-tag").count() > 30
    assert page.evaluate(UNSEEN) == []

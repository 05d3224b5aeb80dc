"""The pictures of the guide are taken in the demo, on the way an organizer goes; `make pictures` keeps them."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from courseapp.config import ROOT
from tests.browser.conftest import Visits
from tests.browser.guide_pictures import IN_NORWEGIAN, PICTURES, README, Picture
from tests.browser.site import Site
from tests.browser.small_png import PIXELS, small
from tests.house import guide as text

KEEP = bool(os.environ.get("KEEP_PICTURES"))
LARGEST = 120 * 1024
MOST = 20


@pytest.mark.parametrize("picture", [*PICTURES, *README], ids=lambda one: one.name)
def test_a_picture_of_the_guide_can_be_taken(visit: Visits, site: Site, tmp_path: Path, picture: Picture) -> None:
    page = visit(picture.width)
    picture.way(page, site)
    page.wait_for_load_state("networkidle")
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0) }")
    page.evaluate(IN_NORWEGIAN)
    page.mouse.move(0, 0)
    taken = page.screenshot(clip=picture.box(page), full_page=True)  # type: ignore[arg-type]
    assert page.locator("html").get_attribute("lang") == "nb"
    if KEEP:
        (ROOT / picture.folder / f"{picture.name}.png").write_bytes(small(visit(), taken))
    else:
        (tmp_path / f"{picture.name}.png").write_bytes(taken)


def test_a_smaller_picture_shows_the_same(visit: Visits) -> None:
    page = visit()
    page.set_content(
        "<body><p style='width: 90px; height: 40px; border: 9px solid #faa969; background: #005562'></p></body>"
    )
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": 240, "height": 120})
    made = small(page, taken)
    before, after = (page.evaluate(PIXELS, base64.b64encode(one).decode()) for one in (taken, made))
    assert (before, len(made) < len(taken)) == (after, True)


def test_each_picture_the_guide_shows_is_taken_and_no_other() -> None:
    assert sorted(one.name for one in PICTURES) == sorted(text.shown())
    assert len(PICTURES) <= MOST


def test_the_pictures_that_are_kept_are_small() -> None:
    kept = [*(ROOT / "static" / "guide").glob("*"), *(ROOT / "docs" / "pictures").glob("*.png")]
    assert {file.name for file in kept} == {f"{one.name}.png" for one in (*PICTURES, *README)}
    assert [file.name for file in kept if file.stat().st_size > LARGEST] == []

"""Every letter as a mail program shows it: on a phone and at a desk, in the light and in the dark, without pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from courseapp import speech
from courseapp.config import ROOT
from courseapp.domain.language import Language
from courseapp.mail.letter import Letter
from tests.browser import axe
from tests.browser.conftest import PHONE
from tests.browser.site import Site, real_time
from tests.browser.sweep import BROAD
from tests.every_letter import every_letter

WINDOW = 800
BROADEST = """() => Math.max(...[...document.querySelectorAll("td > p, td > h1, table table")]
    .map(one => one.getBoundingClientRect().width))"""
FIRST = "() => document.body.innerText.split('\\n').map(one => one.trim()).filter(Boolean)[1]"
BUTTONS = "a[style*='display:inline-block']"
OCCASIONS = sorted(folder.name for folder in (ROOT / "templates/mail").iterdir() if folder.is_dir())
WITHOUT_BUTTON = {"erased"}  # nothing is left to open


@pytest.fixture(scope="module")
def letters(site: Site) -> dict[str, dict[str, Letter]]:
    """Each occasion in each language."""
    found = {}
    with site.app.app_context():
        slug = site.slug("Bodø")
        for language in Language:
            with speech.speaking(language):
                found[language.value] = {one.occasion: one for one in every_letter(slug, real_time())}
    return found


def test_every_occasion_is_there(letters: dict[str, dict[str, Letter]]) -> None:
    assert {language: sorted(one) for language, one in letters.items()} == dict.fromkeys(letters, OCCASIONS)


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_a_letter_can_be_read_anywhere(phone: Page, letters: dict[str, dict[str, Letter]], occasion: str) -> None:
    for language, told in letters.items():
        letter = told[occasion]
        phone.set_viewport_size({"width": PHONE, "height": 844})
        phone.set_content(letter.html)
        assert phone.locator("html").get_attribute("lang") == language
        assert phone.evaluate(BROAD) == PHONE
        assert phone.evaluate(FIRST) == letter.text.splitlines()[0]
        assert phone.locator(BUTTONS).count() == (0 if occasion in WITHOUT_BUTTON else 1)
        phone.set_viewport_size({"width": WINDOW, "height": 900})
        assert (phone.evaluate(BROAD), phone.evaluate(BROADEST) <= 600) == (WINDOW, True)
        assert phone.locator("img, script, link, iframe").count() == 0
        assert phone.locator(f"a:not(.fjord, {BUTTONS.removeprefix('a')})").count() == 0  # or dark mode is dark on dark
    for theme in ("light", "dark"):
        phone.emulate_media(color_scheme=theme)
        assert axe.violations(phone, ["color-contrast", "link-in-text-block"]) == []


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_its_plain_text_is_lines_without_marks(letters: dict[str, dict[str, Letter]], occasion: str) -> None:
    for told in letters.values():
        text = told[occasion].text
        assert [one for one in ("<p", "<a ", "</", "&amp;", "&#", "{{", "\n\n\n") if one in text] == []
        assert len(text.splitlines()) > 4


def test_a_letter_nobody_can_read_is_found_out(phone: Page) -> None:
    phone.set_content(
        "<p style='color:#999;background:#fff'>Du har plass</p><p>Hei</p><div style='width:900px'>x</div>"
    )
    assert phone.evaluate(BROAD) > PHONE
    assert axe.violations(phone, ["color-contrast"])[0].startswith("color-contrast: p")

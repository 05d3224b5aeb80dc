"""What is looked at on every page, and the line of docs/pages.md that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Page, Response, expect

from courseapp.config import ROOT
from courseapp.domain.language import Language
from courseapp.web.language import ASKED
from tests.browser import axe
from tests.browser.conftest import DESK, PHONE
from tests.browser.site import Site
from tests.browser.ways import Place

NARROW = 320
OTHER_WIDTHS = (NARROW, 768, 1600, DESK)
OTHER_LANGUAGES = (Language.NYNORSK, Language.ENGLISH)
OPEN = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
BROAD = "() => document.scrollingElement.scrollWidth"

FILE = ROOT / "docs/pages.md"
HEAD = ("door", "page", "place", "address", "widths", "themes", "languages")
DOORS = {"public": "participants", "leader": "course leaders", "office": "offices", None: "none"}


@dataclass
class Look:
    """One page, looked at in all ways; what was seen is noted as it is seen."""

    page: Page
    site: Site
    place: Place
    wrong: list[str] = field(default_factory=list)
    widths: set[int] = field(default_factory=set)
    themes: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)

    def everywhere(self) -> None:
        """On a phone, then at every width, then in the dark; and in the other languages where its address is enough."""
        arrived = self._go()
        self.page.evaluate(OPEN)
        self._note(axe.violations(self.page), "axe")
        self.themes.append("light")
        self.languages.append(self._spoken())
        self._measure(PHONE)
        for width in OTHER_WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self._measure(width)
        self.page.emulate_media(color_scheme="dark")
        self._note(axe.violations(self.page, axe.CHANGING), "axe in the dark")
        self.themes.append("dark")
        if arrived.request.method == "GET":
            for language in OTHER_LANGUAGES:
                self._in(language)

    def _go(self) -> Response:
        answers: list[Response] = []

        def note(one: Response) -> None:
            if one.request.is_navigation_request():
                answers.append(one)

        self.page.on("response", note)
        self.place.go(self.page, self.site)
        self.page.wait_for_url(lambda url: self.site.endpoint(url) == self.place.endpoint)
        expect(self.page.locator(self.place.shows).first).to_be_visible()
        self.page.remove_listener("response", note)
        assert (answers[-1].status, self.site.endpoint(self.page.url)) == (self.place.status, self.place.endpoint)
        return answers[-1]

    def _in(self, language: Language) -> None:
        """The narrowest screen, because the words are other words."""
        self.page.set_viewport_size({"width": NARROW, "height": 700})
        answer = self.page.goto(spoken(self.page.url, language))
        assert answer is not None
        seen = (answer.status, self.site.endpoint(self.page.url), self._spoken())
        assert seen == (self.place.status, self.place.endpoint, language.value)
        self.page.evaluate(OPEN)
        self._measure(NARROW)
        self.languages.append(language.value)

    def _measure(self, width: int) -> None:
        broad = self.page.evaluate(BROAD)
        self._note([] if broad == width else [f"it is {broad} broad"], f"{width} pixels, {self._spoken()}")
        self._note(axe.small_targets(self.page), f"small at {width} pixels, {self._spoken()}")
        self.widths.add(width)

    def _note(self, found: list[str], where: str) -> None:
        self.wrong += [f"{where}: {one}" for one in found]

    def _spoken(self) -> str:
        return str(self.page.locator("html").get_attribute("lang"))

    def row(self) -> str:
        """The line of the table about this page, as it was looked at."""
        widths = " ".join(str(one) for one in sorted(self.widths))
        address = self.site.rule(self.page.url)
        told = (*about(self.place), f"`{address}`", widths)
        return line(*told, ", ".join(self.themes), ", ".join(self.languages))


def spoken(address: str, language: Language) -> str:
    """The same address, asked for in that language."""
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != ASKED]
    return parts._replace(query=urlencode([*asked, (ASKED, language.value)]), fragment="").geturl()


def line(*cells: str) -> str:
    """A line of the table."""
    return f"| {' | '.join(cells)} |"


def rows() -> list[str]:
    """The lines of the table as they stand in the file."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return [one for one in text.splitlines() if one.startswith("| ") and one != line(*HEAD)]


def about(place: Place) -> tuple[str, str, str]:
    """How a line begins: the door, the page in the code, and the place."""
    door = place.endpoint.partition(".")[0] if place.endpoint else None
    return DOORS[door], place.endpoint or "–", place.name

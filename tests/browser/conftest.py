"""A real browser before a real server. Whatever goes wrong behind a page fails the test that saw it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Response, sync_playwright

from tests.browser.site import HOST, ORIGIN, Site, running
from tests.need import need

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, DESK = 390, 1280
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these need Chromium."""
    for item in items:
        if "/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def program() -> str:
    """The browser of this machine."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    need(found, "Chromium")
    return str(found)


@pytest.fixture(scope="session")
def site(program: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo of this test process."""
    with running(sqlite_template, tmp_path_factory.mktemp("site")) as one:
        yield one


@pytest.fixture(scope="session")
def chromium(program: str, site: Site) -> Iterator[Browser]:
    """One browser for this test process. It knows one host only; to it that host is as good as https."""
    names = f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{site.port},MAP * ~NOTFOUND"
    secure = f"--unsafely-treat-insecure-origin-as-secure={ORIGIN}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, names, secure])
        yield browser
        browser.close()


@dataclass
class Visits:
    """Opens pages and listens behind them."""

    chromium: Browser
    kept: dict[tuple[bool, bool], BrowserContext]
    troubles: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    cold: list[BrowserContext] = field(default_factory=list)

    def __call__(self, width: int = DESK, *, scripts: bool = True, dark: bool = False, cold: bool = False) -> Page:
        """A new visitor without cookies, on a phone or a desktop.

        One who is `cold` has a profile of her own: nothing in its cache, and nothing done to it lasts (a wound clock).
        """
        if cold:
            context = self._profile(scripts=scripts, dark=dark)
            self.cold.append(context)
        else:
            if (scripts, dark) not in self.kept:
                self.kept[scripts, dark] = self._profile(scripts=scripts, dark=dark)
            context = self.kept[scripts, dark]
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        self.listen(page)
        self.pages.append(page)
        return page

    def _profile(self, *, scripts: bool, dark: bool) -> BrowserContext:
        made = self.chromium.new_context(
            base_url=ORIGIN,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="nb-NO",
        )
        made.set_default_timeout(20_000)
        return made

    def listen(self, page: Page) -> None:
        """Hear what goes wrong behind a page."""
        page.on("console", self._said)
        page.on("pageerror", self._broke)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def leave(self, page: Page) -> None:
        """Hear no more of it."""
        page.remove_listener("console", self._said)
        page.remove_listener("pageerror", self._broke)
        page.remove_listener("request", self._asked)
        page.remove_listener("response", self._answered)

    def _broke(self, error: Error) -> None:
        self.troubles.append(f"error in the page: {error}")

    def _said(self, message: ConsoleMessage) -> None:
        """An answer of 422, 404 or 503 is also told on the console; `_answered` judges those."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != HOST:
            self.troubles.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        refused_page = response.status in {404, 422, 503} and response.request.is_navigation_request()
        if response.status >= 400 and not refused_page:
            self.troubles.append(f"{response.status} from {response.url}")


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> dict[tuple[bool, bool], BrowserContext]:
    """Browser profiles kept from test to test for their caches; cookies go after each test."""
    return {}


@pytest.fixture
def visit(chromium: Browser, contexts: dict[tuple[bool, bool], BrowserContext]) -> Iterator[Visits]:
    """Pages to open; nothing may have gone wrong behind any of them."""
    visits = Visits(chromium, contexts)
    yield visits
    for page in visits.pages:
        page.close()
        page.context.clear_cookies()
    for context in visits.cold:
        context.close()
    assert visits.troubles == []


@pytest.fixture(scope="module")
def window(chromium: Browser, contexts: dict[tuple[bool, bool], BrowserContext]) -> Iterator[Page]:
    """One page for all the tests of a file: a new one is half a second late, and reads axe anew."""
    page = Visits(chromium, contexts)(PHONE)
    yield page
    page.close()


@pytest.fixture
def phone(visit: Visits, window: Page) -> Iterator[Page]:
    """That page, as a visitor without cookies finds it, on a phone and in the light."""
    window.set_viewport_size({"width": PHONE, "height": 844})
    window.emulate_media(color_scheme="light")
    visit.listen(window)
    yield window
    visit.leave(window)
    window.context.clear_cookies()

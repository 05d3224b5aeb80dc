"""What a sign-up costs somebody who has never been here: three page loads, and few bytes."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Request, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.site import ORIGIN, Site
from tests.browser.test_journey import fill_in, press

MOST_BYTES, MOST_REQUESTS = 60_000, 6
BLOCKING = "script[src]:not([defer]):not([async]):not([type=module])"


@dataclass
class Scale:
    """Weighs everything the network brings, headers too, by kind."""

    kinds: dict[str, str] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    finished: int = 0

    @property
    def without_fonts(self) -> int:
        """Bytes on the wire, fonts apart."""
        return round(sum(weight for kind, weight in self.weights.items() if kind != "Font"))

    def attach(self, session: CDPSession) -> None:
        """Listen to one page."""
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]
        if "redirectResponse" in event:
            self._add(event["type"], event["redirectResponse"]["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        self.finished += 1
        self._add(self.kinds[event["requestId"]], event["encodedDataLength"])

    def _add(self, kind: str, weight: float) -> None:
        self.weights[kind] = self.weights.get(kind, 0) + weight


def test_a_sign_up_is_three_page_loads_and_few_bytes(
    visit: Visits, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    page = visit(PHONE, cold=True)
    scale = Scale()
    scale.attach(page.context.new_cdp_session(page))
    loads: list[tuple[str, str]] = []

    def count(request: Request) -> None:
        if request.is_navigation_request():
            loads.append((request.method, request.url.removeprefix(ORIGIN)))

    page.on("request", count)
    path = f"/arrangementer/{site.slug('Bodø')}"
    page.goto(path)
    page.get_by_role("main").get_by_role("link", name="Meld deg på").click()
    fill_in(page, "weight@lege.example.org")
    press(page, "Meld deg på")
    expect(page.get_by_role("main")).to_have_attribute("data-status", "registered")
    page.wait_for_load_state("networkidle")

    form, sent, shown = (f"{path}/pamelding", f"{path}/pamelding", f"{path}/kvittering")
    assert loads == [("GET", path), ("GET", form), ("POST", sent), ("GET", shown)]
    total = scale.without_fonts
    with capsys.disabled():
        sys.stdout.write(f"\na sign-up weighs {total} bytes without fonts: {scale.weights}\n")
    assert set(scale.weights) == {"Document", "Stylesheet", "Script", "Font", "Other"}  # other: the icon
    assert 10_000 < total < MOST_BYTES


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/arrangementer/{}",
            "/arrangementer/{}/pamelding",
            "/finn",
            "/kursbevis",
            "/personvern",
            "/finnes/ikke",
        ),
        *("/?sprak=nn", "/arrangementer/{}?sprak=nn", "/arrangementer/{}/pamelding?sprak=nn"),
        *("/?sprak=en", "/arrangementer/{}?sprak=en", "/arrangementer/{}/pamelding?sprak=en"),
    ],
)
def test_a_page_comes_in_six_requests_and_few_bytes(visit: Visits, site: Site, path: str) -> None:
    page = visit(PHONE, cold=True)
    scale = Scale()
    scale.attach(page.context.new_cdp_session(page))
    page.goto(path.format(site.slug("Bodø")))
    page.wait_for_load_state("networkidle")
    assert (scale.finished <= MOST_REQUESTS, scale.without_fonts < MOST_BYTES) == (True, True), scale
    assert scale.finished == len(scale.kinds) >= 3  # the page, its style, its font
    assert page.locator(BLOCKING).count() == 0


def test_a_refused_form_comes_in_six_requests_too(visit: Visits, site: Site) -> None:
    page = visit(PHONE, cold=True)
    page.goto(f"/arrangementer/{site.slug('Bodø')}/pamelding")
    page.wait_for_load_state("networkidle")  # the icon of the first page is not counted with the second
    page.context.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "Meld deg på")
    expect(page.locator(".error-summary")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(asked) <= MOST_REQUESTS, "\n".join(asked)
    assert page.locator(BLOCKING).count() == 0

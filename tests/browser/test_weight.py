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

MOST_BYTES = 60_000


@dataclass
class Scale:
    """Weighs everything the network brings, headers too, by kind."""

    kinds: dict[str, str] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    finished: int = 0

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
    total = round(sum(weight for kind, weight in scale.weights.items() if kind != "Font"))
    with capsys.disabled():
        sys.stdout.write(f"\na sign-up weighs {total} bytes without fonts: {scale.weights}\n")
    assert set(scale.weights) == {"Document", "Stylesheet", "Script", "Font", "Other"}  # other: the icon
    assert 10_000 < total < MOST_BYTES

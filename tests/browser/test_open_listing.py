"""The open listing in a browser: data that breaks no policy, a script from another host, text that is copied."""

from __future__ import annotations

import json
from contextlib import suppress

from playwright.sync_api import Error, expect

from tests.browser.conftest import DESK, Visits
from tests.browser.site import ORIGIN, Site

WATCH = "window.broken = []; addEventListener('securitypolicyviolation', one => broken.push(one.violatedDirective))"

RUN = """text => {
  const one = document.createElement("script");
  one.textContent = text;
  document.head.append(one);
}"""


def test_the_data_in_a_page_breaks_no_policy(visit: Visits, site: Site) -> None:
    page = visit(DESK)
    page.add_init_script(WATCH)
    page.goto(f"/arrangementer/{site.slug('Bodø')}")
    told = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    assert (told["@type"], page.evaluate("window.broken")) == ("EducationEvent", [])


def test_a_script_that_runs_would_have_been_stopped(visit: Visits, site: Site) -> None:
    """The same watch sees what the policy does stop."""
    page = visit(DESK)
    page.add_init_script(WATCH)
    page.goto(f"/arrangementer/{site.slug('Bodø')}")
    page.evaluate(RUN, "window.ran = 1")
    page.wait_for_function("window.broken.length")
    assert (page.evaluate("window.broken"), page.evaluate("window.ran")) == (["script-src-elem"], None)
    visit.troubles.clear()


def test_another_website_reads_the_json_and_nothing_else(visit: Visits) -> None:
    page = visit(DESK)
    page.route(
        "https://alis.example.org/", lambda route: route.fulfill(body="<title>alis</title>", content_type="text/html")
    )
    with suppress(Error):  # a browser from before there was such a permission does not ask for it
        page.context.grant_permissions(["local-network-access"])
    page.goto("https://alis.example.org/")
    read = """async (address) => {
      try { return (await fetch(address, { headers: { "If-None-Match": '"x"' } })).status } catch { return "refused" }
    }"""
    paths = ("/arrangementer.json", "/arrangementer.atom", "/arrangementer.ics", "/", "/healthz")
    assert [page.evaluate(read, ORIGIN + path) for path in paths] == [200, *["refused"] * 4]
    visit.troubles.clear()


def test_links_are_copied_with_a_button(visit: Visits, site: Site) -> None:
    page = visit(DESK)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.log_in(page.context)
    page.goto("/kontor/lenker")
    page.locator("[data-copy=html]").click()
    expect(page.get_by_role("status")).to_have_text("HTML er kopiert")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert (copied, copied.startswith("<ul>")) == (page.locator("#html").input_value(), True)


def test_without_scripts_the_text_is_there_and_no_button(visit: Visits, site: Site) -> None:
    page = visit(DESK, scripts=False)
    site.log_in(page.context)
    page.goto("/kontor/lenker")
    assert (page.locator("#html").input_value()[:4], page.locator("[data-copy]:visible").count()) == ("<ul>", 0)

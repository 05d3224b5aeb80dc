"""What somebody sees whose form cannot be saved just now: the page of the real error, in the place of the answer."""

from __future__ import annotations

from playwright.sync_api import Page, Route
from sqlalchemy.exc import OperationalError

from courseapp.web import errors
from tests.browser.site import ORIGIN, Site
from tests.browser.ways import Place, event

TYPED = {"first_name": "Åse", "last_name": "Ødegård-Kristoffersen", "email": "trouble@lege.example.org"}


def _page(site: Site, route: Route) -> str:
    path, typed = route.request.url.removeprefix(ORIGIN), route.request.post_data or ""
    form = {"data": typed, "content_type": "application/x-www-form-urlencoded"}
    with site.app.test_request_context(path, method="POST", base_url=ORIGIN, **form):
        site.app.preprocess_request()
        answer = site.app.make_response(errors._broken(OperationalError("INSERT", {}, Exception("away"))))
        return answer.get_data(as_text=True)


def not_saved(page: Page, site: Site) -> None:
    """The long form, sent while the database is away."""
    event("Bodø", "/pamelding")(page, site)
    for name, value in TYPED.items():
        page.locator(f"[name={name}]").fill(value)
    page.route(
        "**/pamelding",
        lambda route: route.fulfill(status=503, content_type="text/html; charset=utf-8", body=_page(site, route)),
        times=1,
    )
    page.locator("main form[method=post] button[type=submit]").last.click()


TROUBLE_PLACES = (Place("not saved just now", "public.registrations.sign_up", not_saved, "main form .ds-button", 503),)

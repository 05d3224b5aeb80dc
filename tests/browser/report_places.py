"""The pages of activities and of the yearly report, in every state that looks different."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.activities import ActivityWish
from courseapp.domain.event import EventKind, ReportTable
from courseapp.models.account import User
from courseapp.models.office import Office
from courseapp.services import activities, demo, doubles
from tests.browser.held import held
from tests.browser.site import ORGANIZER, Site, real_time
from tests.browser.ways import ERRORS, Place, Way, desk, event_desk, go, refused

THIS_YEAR = real_time().year
READER = demo.DEMO_LOG_INS[2]
FAIR = ActivityWish(
    kind=EventKind.OTHER, title="", year=THIS_YEAR, table=ReportTable.REGIONAL, when="3. mars", number="20"
)


def typed(rest: str | None = None) -> Way:
    """The list with one activity in it, or a page about that one."""

    def way(page: Page, site: Site) -> None:
        desk("/aktiviteter/ny")(page, site)
        page.locator("[name=place]").fill("Alta")
        page.locator("[name=number]").fill("Ca. 12")
        page.locator("main form[method=post] button[type=submit]").first.click()
        page.wait_for_url("**/kontor/aktiviteter?ar=*")
        if rest is not None:
            page.locator("tr[data-activity] a").first.click()
            page.wait_for_url("**/kontor/aktiviteter/*")
            go(page, page.url + rest)

    return way


def tried(text: str) -> Way:
    """Lines that were tried."""

    def way(page: Page, site: Site) -> None:
        desk("/aktiviteter/lim-inn")(page, site)
        page.locator("[name=lines]").fill(text)
        page.locator("button[value=try]").click()
        page.wait_for_load_state()

    return way


def doubled(page: Page, site: Site) -> None:
    """The list with an activity that another office has written down as well, and one that was set aside."""
    with site.app.app_context():
        for title in ("Felles fagdag", "Felles stand"):
            found = [
                activities.add(office, replace(FAIR, title=title, place=title), actor=organizer(office))
                for office in ("nord", "ost")
            ]
        doubles.settle(*found, actor=organizer("nord"))
    desk("/aktiviteter")(page, site)


def organizer(office: str) -> Actor:
    """Somebody who organizes at that office."""
    office_id = db.session.scalars(select(Office.id).where(Office.slug == office)).one()
    user_id = db.session.scalars(select(User.id).where(User.email == ORGANIZER.email)).one()
    return Actor(user_id=user_id, name="", roles=((office_id, UserRole.ORGANIZER),), national=None)


def reported(rest: str = "") -> Way:
    """The report of the year in which a course was held, or something under it."""

    def way(page: Page, site: Site) -> None:
        held(site)
        desk(f"/rapport/{(real_time() - timedelta(days=3)).year}{rest}")(page, site)

    return way


def row(*, written: bool) -> Way:
    """A row to write over, or the report after that."""

    def way(page: Page, site: Site) -> None:
        reported()(page, site)
        page.locator("tr[data-row] a[href*='/rad/']").first.click()
        if written:
            page.locator("[name=comment]").fill("Felles med Legeforeningen")
            page.locator("[name=reason]").fill("Kurset var felles")
            page.locator("main form[method=post] button[type=submit]").first.click()
            page.wait_for_url("**#rad-*")

    return way


def country(page: Page, site: Site) -> None:
    """The six offices, for a national reader."""
    go(page, "/kontor/logg-inn")
    page.locator("[name=email]").fill(READER.email)
    page.locator("[name=password]").fill(READER.password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/kontor/")
    go(page, f"/kontor/rapport/{THIS_YEAR}/landet")


def dates(way: Way, **fields: str) -> Way:
    """Dates that were proposed."""

    def propose(page: Page, site: Site) -> None:
        way(page, site)
        for name, value in {"number": "9", **fields}.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("button[value=show]").click()
        page.locator(".day-row").first.wait_for()

    return propose


def a_series(rest: str = "") -> Way:
    """An evening and two drafts like it, made once, or something under them."""

    def way(page: Page, site: Site) -> None:
        dates(event_desk("Tromsø", "/gjenta"), number="2")(page, site)
        for box in page.locator(".day-row [type=checkbox]").all():
            box.check()
        page.locator("button[value=make]").click()
        page.wait_for_url("**/kontor/serier/*")
        if rest:
            go(page, page.url + rest)

    return way


REPORT_PLACES = (
    Place("how often it comes again", "office.series.repeat", event_desk("Bodø", "/gjenta"), "[name=rhythm]"),
    Place("the dates of a series", "office.series.repeat", dates(event_desk("Bodø", "/gjenta")), ".day-row .ds-tag"),
    Place(
        "dates of a series refused",
        "office.series.repeat",
        refused(dates(event_desk("Bodø", "/gjenta")), day1="", day2="", title=""),
        ERRORS,
        422,
    ),
    Place(
        "an activity again", "office.series.repeat_activity", dates(typed("/gjenta"), begins="2027-05-04"), ".day-row"
    ),
    Place("a series", "office.series.show", a_series(), "tr[data-member]"),
    Place(
        "before drafts of a series are deleted", "office.series.delete_drafts", a_series("/slett-utkast"), "main form"
    ),
    Place("activities", "office.activities.index", typed(), "tr[data-activity]"),
    Place("two offices' activity", "office.activities.index", doubled, "li[data-claim]"),
    Place("no activities", "office.activities.index", desk("/aktiviteter?ar=2019"), ".empty"),
    Place("an activity refused", "office.activities.add", refused(desk("/aktiviteter/ny"), when="31.02"), ERRORS, 422),
    Place("an activity to change", "office.activities.edit", typed(""), "[name=when]"),
    Place("before an activity is deleted", "office.activities.remove", typed("/slett"), "main form[method=post]"),
    Place("lines to paste", "office.activities.paste", tried("Bodø\t4. mars\tStand"), "tr[data-line]"),
    Place("lines refused", "office.activities.paste", tried("Bodø\t31.02\tStand"), ERRORS, 422),
    Place("a yearly report", "office.reports.show", row(written=True), ".written"),
    Place("an empty yearly report", "office.reports.show", desk("/rapport/2019"), ".definitions"),
    Place("a row of the report", "office.reports.row", row(written=False), "[name=reason]"),
    Place("heads of the report", "office.reports.heads", desk("/rapport/overskrifter"), "[name=courses_place]"),
    Place("figures of a year", "office.figures.show", reported("/tall"), ".year-chart"),
    Place("what is behind a figure", "office.figures.behind", reported("/tall/veilederkurs"), "tr[data-behind]"),
    Place("the six offices", "office.figures.country", country, "tbody[data-block]"),
)

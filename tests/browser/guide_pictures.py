"""The pictures of the organizers' guide, each with the way to what it shows and what of the page is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.event import EventStatus
from courseapp.models.event import Event, EventSession
from courseapp.services import demo
from tests.browser.account_places import administrator
from tests.browser.conftest import DESK, PHONE
from tests.browser.day_places import at_the_desk
from tests.browser.message_places import a_failed_message, writing
from tests.browser.report_places import dates
from tests.browser.site import Site, real_time
from tests.browser.ways import Way, applications, busy, desk, draft, event, event_desk, go, groups

PAGE = 1100
"""Narrower than a desk, so that the words in a picture can be read beside the text."""

MARGIN = 16
Box = dict[str, float]
IN_NORWEGIAN = """() => document.querySelectorAll("input[type=date], input[type=time]").forEach(one => {
    const told = one.value.split("-").reverse().join(".");
    one.type = "text";
    one.value = told;
})"""
"""Dates and times in fields as a browser that speaks Norwegian shows them; this one speaks English."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What is seen from the top of the first to the end of the last of `parts`, at most `most` pixels high."""

    name: str
    way: Way
    parts: tuple[str, ...]
    width: int = PAGE
    most: int = 720
    margin: int = MARGIN
    folder: str = "static/guide"

    def box(self, page: Page) -> Box:
        """Where that is on the page, which stands at its top."""
        found = [page.locator(part).first.bounding_box() for part in self.parts]
        boxes = [one for one in found if one is not None]
        assert len(boxes) == len(self.parts), f"{self.name}: a part of the page is not there"
        left = max(0, min(one["x"] for one in boxes) - self.margin)
        top = max(0, min(one["y"] for one in boxes) - self.margin)
        right = min(self.width, max(one["x"] + one["width"] for one in boxes) + self.margin)
        end = max(one["y"] + one["height"] for one in boxes) + self.margin
        return {"x": left, "y": top, "width": right - left, "height": min(end - top, self.most)}


def then(way: Way, act: Callable[[Page], object]) -> Way:
    """That way, and something done there."""

    def on(page: Page, site: Site) -> None:
        way(page, site)
        act(page)

    return on


def with_dates(page: Page) -> None:
    """A new course with its days, both Tuesdays, and places."""
    later = real_time().date() + timedelta(days=280)
    first = later - timedelta(days=later.weekday() - 1)
    for number, days in ((1, 0), (2, 28)):
        page.locator(f"[name=n{number}_date]").fill(f"{first + timedelta(days=days)}")
        page.locator(f"[name=n{number}_place]").fill("Svolvær")


def held_course(rest: str) -> Way:
    """A page about the demo's course that was held a month ago."""

    def way(page: Page, site: Site) -> None:
        with site.app.app_context():
            over = select(Event.slug).join(EventSession).where(EventSession.place == "Narvik")
            slug = db.session.scalars(over.where(Event.status == EventStatus.HELD).distinct()).one()
        desk(f"/arrangementer/{slug}{rest}")(page, site)

    return way


def full_course(page: Page, site: Site) -> None:
    """Seats and the line of the demo's full course, which is another office's."""
    site.log_in(page.context, demo.DEMO_LOG_INS[1])
    go(page, f"/kontor/arrangementer/{site.slug('Kristiansand')}/plasser")


def failed_letter(page: Page, site: Site) -> None:
    """Whoever did not get a message, and all her letters."""
    a_failed_message(page, site)
    name = page.locator("tr[data-state=failed] th").first.inner_text()
    event_desk("Bodø", "/deltakere")(page, site)
    row = page.locator("tr[data-registration]")
    for part in name.split():
        row = row.filter(has_text=part)
    row.first.locator("a").first.click()
    page.locator("#letters").wait_for()


def report(page: Page, site: Site) -> None:
    """The report of the year in which the demo's course was held."""
    desk(f"/rapport/{(real_time() - timedelta(days=35)).year}")(page, site)


def on_the_roll(page: Page) -> None:
    """Only the names and what can be pressed beside them."""
    page.locator(".roll__row").nth(2).wait_for()


PICTURES = (
    Picture(
        name="nytt-kurs",
        way=then(desk("/nytt/veilederkurs"), with_dates),
        parts=("[aria-labelledby=part-sessions] > h2", "[aria-labelledby=part-sessions] .sum"),
        most=1000,
    ),
    Picture(
        name="klar-til-publisering",
        way=draft(""),
        parts=("main .columns--person h2", "main .columns--person .actions", "main .columns--person > :last-child"),
        most=352,
    ),
    Picture(name="kopier", way=event_desk("Bodø", "/kopier"), parts=("main h1", "[name=dato]")),
    Picture(name="kursholdere", way=busy, parts=("#part-single", "[aria-labelledby=part-single] table"), most=620),
    Picture(name="deltakere", way=event_desk("Bodø", "/deltakere"), parts=("#seated", "table.desk--people"), most=600),
    Picture(name="plasser-og-ko", way=full_course, parts=("#waiting", "[aria-labelledby=waiting]"), most=460),
    Picture(name="soknader", way=applications(), parts=(".ranking-head", "table.desk--ranking"), most=640),
    Picture(name="melding", way=writing("preview"), parts=(".send-box", "[aria-labelledby=letter]"), most=700),
    Picture(name="grupper", way=groups(), parts=(".groups-head", ".groups"), most=600),
    Picture(name="utskrift", way=event_desk("Bodø", "/utskrift"), parts=(".papers",)),
    Picture(name="hybrid", way=event_desk("Alta", "/deltakere"), parts=(".pass--desk",)),
    Picture(
        name="oppmote",
        way=then(held_course("/oppmote"), on_the_roll),
        parts=(".roll-head", ".roll__row:nth-child(3)"),
        width=PHONE,
        most=760,
    ),
    Picture(
        name="qr-kode",
        way=at_the_desk("/oppmote/DAY/qr"),
        parts=(".code-sheet__picture", ".code-sheet > :last-child"),
        width=PHONE,
    ),
    Picture(
        name="kursbevis",
        way=held_course("/kursbevis"),
        parts=(".page-head + *", "table.desk--certificates"),
        most=520,
    ),
    Picture(name="gjenta", way=dates(event_desk("Tromsø", "/gjenta")), parts=("#part-days", "#day-rows"), most=560),
    Picture(name="arsrapport", way=report, parts=(".page-head + *", "table.desk--report + *")),
    Picture(name="inviter", way=administrator("/brukere/ny"), parts=("main form.form",), most=900),
    Picture(name="personvern", way=desk("/personvern"), parts=("main h1", "[aria-labelledby=look-up]"), most=520),
    Picture(name="lenker", way=desk("/lenker"), parts=("main form.filters", ".snippets"), most=600),
    Picture(name="epost-feilet", way=failed_letter, parts=("#letters", "[aria-labelledby=letters]"), most=600),
)
README = (
    Picture(
        name="course-phone",
        way=event("Bodø"),
        parts=("body",),
        width=PHONE,
        most=844,
        margin=0,
        folder="docs/pictures",
    ),
    Picture(
        name="participants",
        way=event_desk("Bodø", "/deltakere"),
        parts=("#seated", "table.desk--people"),
        width=DESK,
        most=900,
        folder="docs/pictures",
    ),
)

"""The ways to the pages: how a browser gets to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.held import check_address, evaluation_address, held
from tests.browser.site import Site, enter

Way = Callable[[Page, Site], None]
ERRORS = ".error-summary li"


@dataclass(frozen=True)
class Place:
    """A page: which endpoint it is, how to get there, and what must be on it."""

    name: str
    endpoint: str | None
    go: Way
    shows: str = "h1"
    status: int = 200


def at(address: str) -> Way:
    """Just the address."""
    return lambda page, _site: go(page, address)


def event(place: str, rest: str = "") -> Way:
    """The event at that place, or something under it."""
    return lambda page, site: go(page, f"/arrangementer/{site.slug(place)}{rest}")


def receipt(place: str, email: str, rest: str = "") -> Way:
    """The receipt of a fresh sign-up."""

    def way(page: Page, site: Site) -> None:
        enter(page.context, site.sign_up(place, email))
        go(page, f"/arrangementer/{site.slug(place)}/kvittering{rest}")

    return way


def mine(place: str, email: str, rest: str = "", *, cancelled: bool = False) -> Way:
    """«Min påmelding» after a fresh sign-up."""

    def way(page: Page, site: Site) -> None:
        site.sign_up(place, email)
        if cancelled:
            site.cancel(email)
        go(page, site.mine(email) + rest)

    return way


def letter(email: str, rest: str = "") -> Way:
    """The letter that answers a fresh sign-up."""

    def way(page: Page, site: Site) -> None:
        site.sign_up("Tromsø", email)
        go(page, site.letter(email) + rest)

    return way


def desk(rest: str) -> Way:
    """A page of the demo's organizer."""

    def way(page: Page, site: Site) -> None:
        site.log_in(page.context)
        go(page, f"/kontor{rest}")

    return way


def participants(place: str) -> Way:
    """The participants of an event."""
    return lambda page, site: desk(f"/arrangementer/{site.slug(place)}/deltakere")(page, site)


def a_person(page: Page, site: Site) -> None:
    """Whoever stands first among the participants."""
    participants("Bodø")(page, site)
    page.locator("tr[data-registration] a").first.click()


def event_desk(place: str, rest: str) -> Way:
    """A page of the desk about an event."""
    return lambda page, site: desk(f"/arrangementer/{site.slug(place)}{rest}")(page, site)


def draft(rest: str) -> Way:
    """A page about a draft that still lacks a lot."""

    def way(page: Page, site: Site) -> None:
        desk("/nytt/veilederkurs")(page, site)
        page.locator(".actions button[value=draft]").click()
        page.wait_for_url("**/kontor/arrangementer/**")
        if rest:
            go(page, page.url + rest)

    return way


def changed(place: str) -> Way:
    """The page that asks whether to tell, after an event with somebody in it got another title."""

    def way(page: Page, site: Site) -> None:
        site.sign_up(place, "changed@lege.example.org")
        event_desk(place, "/endre")(page, site)
        title = page.locator("[name=title]")
        title.fill(f"{title.input_value()} – ny")
        page.locator("main form[method=post] button[type=submit]").click()

    return way


def line(page: Page, site: Site) -> None:
    """Seats and the line of an event in which somebody waits."""
    site.full()
    desk("/arrangementer/fullt-kurs/plasser")(page, site)


def by_hand(page: Page, site: Site) -> None:
    """What can be done with the first in line."""
    line(page, site)
    page.locator("tr[data-registration] a[href$='/plass']").first.click()


def applications(rest: str = "") -> Way:
    """The applications of the demo's course past its deadline, or something under them."""
    return event_desk("Harstad", f"/soknader{rest}")


def an_applicant(page: Page, site: Site) -> None:
    """Whoever a hand has moved already."""
    applications()(page, site)
    page.locator("tr:has(.hand) a.adjust").first.click()


def decided(page: Page, site: Site) -> None:
    """Another course's applications, after the decision."""
    site.decided()
    desk("/arrangementer/avgjort-kurs/soknader")(page, site)


def a_leader(rest: str = "") -> Way:
    """Whoever stands first in the register, or something under her."""

    def way(page: Page, site: Site) -> None:
        desk("/kursholdere")(page, site)
        page.locator("tr[data-leader] a").first.click()
        if rest:
            go(page, page.url + rest)

    return way


def busy(page: Page, site: Site) -> None:
    """Who leads a course on the day of another."""
    site.busy()
    desk("/arrangementer/samme-dag/kursholdere")(page, site)


def declined(person: str) -> Way:
    """The participants of a course, one of whom said no in the calendar; or her own page."""

    def way(page: Page, site: Site) -> None:
        site.declined()
        desk("/arrangementer/avslatt-kurs/deltakere")(page, site)
        if person:
            page.locator("li[data-reply] a").first.click()

    return way


def groups(rest: str = "", *, late: str = "") -> Way:
    """A course whose participants are divided into groups, or something under them; `late`: one came after that."""

    def way(page: Page, site: Site) -> None:
        event_desk("Bodø", "/grupper/del")(page, site)
        page.locator("main form[method=post] button[type=submit]").click()
        if late:
            site.sign_up("Bodø", late)
        event_desk("Bodø", f"/grupper{rest}")(page, site)

    return way


def changing_a_group(page: Page, site: Site) -> None:
    """The parts of a group that open."""
    groups()(page, site)
    for one in page.locator("main details.more > summary").all():
        one.click()


def past_course(rest: str) -> Way:
    """A page about a course that was held, with kursbevis issued and answers given."""

    def way(page: Page, site: Site) -> None:
        held(site)
        desk(f"/arrangementer/holdt-kurs{rest}")(page, site)

    return way


def a_certificate(act: str) -> Way:
    """The page on which one kursbevis is changed."""

    def way(page: Page, site: Site) -> None:
        number = held(site)
        desk(f"/arrangementer/holdt-kurs/kursbevis/{number}/{act}")(page, site)

    return way


def checked(page: Page, site: Site) -> None:
    """What the code on the paper leads to."""
    go(page, check_address(site))


def evaluated(page: Page, site: Site) -> None:
    """The questions after a course."""
    go(page, evaluation_address(site))


def refused(way: Way, **fields: str) -> Way:
    """The form there, sent with nothing or the wrong things in it."""

    def refuse(page: Page, site: Site) -> None:
        way(page, site)
        for name, value in fields.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("main form[method=post] button[type=submit]").last.click()

    return refuse


def go(page: Page, address: str) -> None:
    """Open an address."""
    page.goto(address)

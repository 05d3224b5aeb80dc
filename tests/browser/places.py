"""Every page of every door, and every state a page can be in that looks different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

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


def refused(way: Way, **fields: str) -> Way:
    """The form there, sent with nothing or the wrong things in it."""

    def refuse(page: Page, site: Site) -> None:
        way(page, site)
        for name, value in fields.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("main form[method=post] button[type=submit]").click()

    return refuse


def go(page: Page, address: str) -> None:
    """Open an address."""
    page.goto(address)


PLACES = (
    Place("the list", "public.events.index", at("/"), "article.pass"),
    Place("an empty list", "public.events.index", at("/?office=ost&kind=webinar"), ".empty"),
    Place("an event with seats", "public.events.show", event("Bodø"), "main[data-event]"),
    Place("a full event", "public.events.show", event("Kristiansand"), "main[data-seats-left='0']"),
    Place("an event without a limit", "public.events.show", event("Frogner"), "main[data-seats-left='']"),
    Place("an event past its deadline", "public.events.show", event("Hamar"), "main[data-event]"),
    Place("the long form", "public.registrations.sign_up", event("Legenes hus, Oslo", "/pamelding"), "[name=district]"),
    Place("the short form", "public.registrations.sign_up", event("Frogner", "/pamelding"), "[name=workplace]"),
    Place(
        "the form refused",
        "public.registrations.sign_up",
        refused(event("Legenes hus, Oslo", "/pamelding"), first_name="Åse", hpr_number="tolv", dietary_needs="Nøtter"),
        ERRORS,
        422,
    ),
    Place(
        "a receipt with a seat",
        "public.registrations.receipt",
        receipt("Tromsø", "seat@lege.example.org"),
        "[data-status=registered]",
    ),
    Place(
        "a receipt with a number",
        "public.registrations.receipt",
        receipt("Bergen", "line@lege.example.org"),
        "[data-status=waitlisted]",
    ),
    Place(
        "a receipt of an application",
        "public.registrations.receipt",
        receipt("Stavanger", "applied@lege.example.org"),
        "[data-status=applied]",
    ),
    Place(
        "a wrong address",
        "public.registrations.correct_address",
        refused(receipt("Tromsø", "wrong@lege.example.org", "/adresse"), email="ase"),
        ERRORS,
        422,
    ),
    Place(
        "my seat",
        "public.my_registration.show",
        mine("Bodø", "a-very-long-name.of-somebody.with-many-names@a-long-place-of-work.kommune.example.org"),
        "[data-status=registered]",
    ),
    Place(
        "my place in line",
        "public.my_registration.show",
        mine("Bergen", "mine.line@lege.example.org"),
        "[data-status=waitlisted]",
    ),
    Place(
        "my cancelled registration",
        "public.my_registration.show",
        mine("Tromsø", "gone@lege.example.org", cancelled=True),
        "[data-status=cancelled]",
    ),
    Place(
        "another course to move to",
        "public.my_registration.move",
        mine("Bodø", "move@lege.example.org", "/flytt"),
    ),
    Place(
        "my calendar's new address",
        "public.my_registration.feed",
        refused(mine("Bodø", "feed@lege.example.org", "/kalender")),
        "#feed-address",
    ),
    Place("the office's calendar", "office.feeds.mine", desk("/kalender")),
    Place(
        "my details refused",
        "public.my_registration.change",
        refused(mine("Bodø", "change@lege.example.org", "/endre"), workplace=""),
        ERRORS,
        422,
    ),
    Place(
        "before I cancel",
        "public.my_registration.cancel",
        mine("Tromsø", "cancel@lege.example.org", "/avmeld"),
        "main form[method=post]",
    ),
    Place("find my links", "public.links.find", refused(at("/finn")), ERRORS, 422),
    Place("links are sent", "public.links.find", refused(at("/finn"), email="nobody@lege.example.org"), "h1"),
    Place("privacy", "public.about.privacy", at("/personvern")),
    Place("accessibility", "public.about.accessibility", at("/tilgjengelighet")),
    Place("the letter box", "public.postbox.index", at("/postkasse"), "table"),
    Place("a letter", "public.postbox.show", letter("letter@lege.example.org"), "pre a[href*='/min/']"),
    Place("nothing there", None, at("/finnes/ikke"), "h1", 404),
    Place("log in", "office.auth.log_in", at("/kontor/logg-inn"), "[name=password]"),
    Place(
        "log in refused",
        "office.auth.log_in",
        refused(at("/kontor/logg-inn"), email="ingen@example.org", password="feil"),
        ERRORS,
        422,
    ),
    Place("events to come", "office.events.index", desk("/arrangementer"), "tr[data-event]"),
    Place("earlier events", "office.events.index", desk("/arrangementer?vis=tidligere"), "tr[data-event]"),
    Place("the first page of the desk", "office.dashboard.show", desk("/"), ".todo li"),
    Place("a new event: which kind", "office.planning.kinds", desk("/nytt"), ".kinds a"),
    Place("a new course", "office.planning.new", desk("/nytt/veilederkurs"), "[name=n2_date]"),
    Place(
        "a new course refused",
        "office.planning.new",
        refused(desk("/nytt/veilederkurs"), title="", n1_place="Bodø", n1_hours="mange"),
        ERRORS,
        422,
    ),
    Place("a copy of an event", "office.planning.copy", event_desk("Bodø", "/kopier"), "[name=dato]"),
    Place("an event at the desk", "office.overview.show", event_desk("Bodø", ""), ".facts"),
    Place("a draft", "office.overview.show", draft(""), ".checks__stop"),
    Place("before a draft is deleted", "office.overview.delete", draft("/slett"), "main form[method=post]"),
    Place("a preview", "office.overview.preview", event_desk("Bodø", "/forhandsvis"), ".letter-list a"),
    Place("a letter in preview", "office.overview.letter", event_desk("Bodø", "/forhandsvis/waiting"), "iframe"),
    Place("participants", "office.participants.table", participants("Bodø"), "tr[data-registration]"),
    Place("a participant", "office.participants.person", a_person, "[data-status]"),
    Place(
        "an event to change, refused",
        "office.changes.edit",
        refused(event_desk("Bodø", "/endre"), title="", new_place="Rom 3", new_hours="mange"),
        ERRORS,
        422,
    ),
    Place("nothing to tell", "office.changes.tell", event_desk("Bodø", "/varsle"), ".empty"),
    Place("a change to tell", "office.changes.tell", changed("Tromsø"), ".changes li"),
    Place("before an event is called off", "office.changes.call_off", event_desk("Bodø", "/avlys"), "[name=reason]"),
    Place("seats and the line", "office.line.seats", line, "tr[data-registration]"),
    Place("applications in their order", "office.applications.index", applications(), "tr.cut"),
    Place("applications that are decided", "office.applications.index", decided, "tr[data-outcome]"),
    Place(
        "no applications where the first one comes first",
        "office.applications.index",
        event_desk("Bodø", "/soknader"),
        ".empty",
    ),
    Place("an application by hand", "office.applications.person", an_applicant, ".story button"),
    Place("before applications are decided", "office.applications.decide", applications("/avgjor"), "form.decision"),
    Place("how seats are given", "office.applications.rules", event_desk("Harstad", "/fordeling"), "[name=rest]"),
    Place("an event to apply to", "public.events.show", event("Stavanger"), "main[data-event]"),
    Place("course leaders", "office.leaders.index", desk("/kursholdere"), "tr[data-leader]"),
    Place("no course leader like that", "office.leaders.index", desk("/kursholdere?sok=finnes-ikke"), ".empty"),
    Place("a course leader", "office.leaders.show", a_leader(), "main form[method=post]"),
    Place("a course leader's details", "office.leaders.edit", a_leader("/endre"), "[name=mobile]"),
    Place(
        "a new course leader refused",
        "office.leaders.add",
        refused(desk("/kursholdere/ny"), name="", email="ane", mobile="1"),
        ERRORS,
        422,
    ),
    Place("a new pair refused", "office.leaders.pair", refused(desk("/kursholdere/par/nytt")), ERRORS, 422),
    Place("who leads an event", "office.leaders.assign", event_desk("Bodø", "/kursholdere"), "tr[data-leader]"),
    Place("who is busy that day", "office.leaders.assign", busy, "tr[data-busy]"),
    Place("a no in the calendar", "office.participants.table", declined(""), "li[data-reply]"),
    Place("one who said no in the calendar", "office.participants.person", declined("person"), "li[data-reply]"),
    Place("one who waits, by hand", "office.line.person", by_hand, "[name=place]"),
)

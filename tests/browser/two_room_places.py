"""Pages that look different where people choose between the room and the video meeting."""

from playwright.sync_api import Page

from tests.browser.site import Site
from tests.browser.ways import ERRORS, Place, desk, event, event_desk, mine, participants, refused


def place_of_somebody(page: Page, site: Site) -> None:
    """What can be done with the place of one who is in the room."""
    participants("Alta")(page, site)
    page.locator("tr[data-mode=physical][data-registration] a").first.click()
    page.locator("a[href$='/plass']").first.click()


TWO_ROOM_PLACES = (
    Place("an event in two rooms", "public.events.show", event("Alta"), ".seats[data-mode=digital]"),
    Place("the form asks which room", "public.registrations.sign_up", event("Alta", "/pamelding"), "[name=mode]"),
    Place(
        "the form without a room",
        "public.registrations.sign_up",
        refused(event("Alta", "/pamelding"), first_name="Åse"),
        ERRORS,
        422,
    ),
    Place(
        "my digital seat",
        "public.my_registration.show",
        mine("Alta", "digital@lege.example.org"),
        "a[href='https://video.example.org/veilederkonferansen']",
    ),
    Place(
        "my room to change",
        "public.my_registration.change",
        mine("Alta", "room@lege.example.org", "/endre"),
        "[name=mode][value=digital]:checked",
    ),
    Place(
        "participants of two rooms", "office.participants.table", participants("Alta"), "tfoot tr[data-mode=digital]"
    ),
    Place("seats of two rooms", "office.line.seats", event_desk("Alta", "/plasser"), "[name=hybrid]:checked"),
    Place("one place of two rooms", "office.line.person", place_of_somebody, "#mode-head"),
    Place("somebody to add to a room", "office.roster.add", event_desk("Alta", "/deltakere/ny"), "[name=mode]"),
    Place("a new conference", "office.planning.new", desk("/nytt/conference"), "[name=hybrid]"),
)

"""The pages for participants at the desk: looked for, written down by hand, imported, taken along."""

from playwright.sync_api import FilePayload, Page

from tests.browser.site import Site
from tests.browser.ways import ERRORS, Place, Way, a_person, desk, event_desk, go, mine, refused
from tests.lists import HEADINGS, people, separated


def a_list(step: str) -> Way:
    """A list of people that has been uploaded: its columns, or what would become of its rows."""

    def way(page: Page, site: Site) -> None:
        event_desk("Bodø", "/deltakere/importer")(page, site)
        rows = [list(HEADINGS), *people(6)]
        rows[3][2], rows[5][2] = "feil", rows[4][2]
        content = separated(rows, sign=";", encoding="cp1252")
        page.locator("[name=file]").set_input_files(FilePayload(name="liste.csv", mimeType="text/csv", buffer=content))
        page.locator("main form.form button[type=submit]").click()
        page.wait_for_url("**/importer/*")
        if step == "trial":
            page.locator("main form .actions button[type=submit]").click()
            page.wait_for_url("**/prov")

    return way


def a_person_under(rest: str) -> Way:
    """A page about whoever stands first among the participants."""

    def way(page: Page, site: Site) -> None:
        a_person(page, site)
        page.locator("[data-status]").first.wait_for()
        go(page, page.url + rest)

    return way


def looked_up(page: Page, site: Site) -> None:
    """Everything about one address."""
    site.sign_up("Bodø", "looked.up@lege.example.org")
    desk("/personvern")(page, site)
    page.locator("[name=email]").last.fill("looked.up@lege.example.org")
    page.locator("main form[action$='/oppslag'] button[type=submit]").last.click()
    page.wait_for_url("**/oppslag")


PEOPLE_PLACES = (
    Place("what is forgotten, and when", "office.privacy.index", desk("/personvern")),
    Place("an address that is none", "office.privacy.look_up", refused(desk("/personvern"), email="kåre"), ERRORS, 422),
    Place("everything about a person", "office.privacy.look_up", looked_up, "section[data-record]"),
    Place("what is kept about me", "public.my_data.show", mine("Tromsø", "data@lege.example.org", "/mine-data")),
    Place(
        "what is kept about me, and may be erased",
        "public.my_data.show",
        mine("Tromsø", "data.gone@lege.example.org", "/mine-data", cancelled=True),
        "form[action$='/slett']",
    ),
    Place(
        "participants that are searched for",
        "office.participants.table",
        event_desk("Bodø", "/deltakere?sok=a&sorter=workplace"),
        "tr[data-registration]",
    ),
    Place("nobody like that", "office.participants.table", event_desk("Bodø", "/deltakere?sok=finnes-ikke"), ".empty"),
    Place("columns for a file", "office.participants.export", event_desk("Bodø", "/deltakere/eksport"), "[name=kind]"),
    Place("a participant by hand", "office.roster.add", refused(event_desk("Bodø", "/deltakere/ny")), ERRORS, 422),
    Place("a participant to edit", "office.roster.edit", a_person_under("/endre"), "[name=workplace]"),
    Place("a participant's address", "office.roster.address", a_person_under("/adresse"), "[name=email]"),
    Place("a list to upload", "office.people_import.upload", event_desk("Bodø", "/deltakere/importer"), "[name=file]"),
    Place("columns of a list", "office.people_import.columns", a_list("columns"), "[name=column_0]"),
    Place("what becomes of a list", "office.people_import.trial", a_list("trial"), "tr[data-row]"),
)

"""The pages for messages and standard texts."""

from playwright.sync_api import FilePayload, Page
from sqlalchemy import select

from courseapp.db import transaction
from courseapp.models.journal import MailState, OutboxEmail
from tests.browser.site import Site
from tests.browser.ways import ERRORS, Place, Way, desk, event_desk, refused

SUBJECT = "Praktisk informasjon"


def writing(act: str, **fields: str) -> Way:
    """The form of a new message, filled in, and the button that was pressed."""

    def way(page: Page, site: Site) -> None:
        event_desk("Bodø", "/meldinger/ny")(page, site)
        for name, value in {"subject": SUBJECT, "body": "Hei, {fornavn}.\n\nSe {lenke}", **fields}.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator(f"button[name=act][value={act}]").click()

    return way


def a_heavy_file(page: Page, site: Site) -> None:
    """The files of a draft, after one that is too large."""
    writing("files")(page, site)
    heavy = FilePayload(name="stor.pdf", mimeType="application/pdf", buffer=b"%PDF-1" + b"x" * 6_000_000)
    page.locator("[name=files]").set_input_files([heavy])
    page.locator("form[enctype] button").click()


def with_a_file(page: Page, site: Site) -> None:
    """The files of a draft that has one."""
    writing("files")(page, site)
    small = FilePayload(name="Program på Ås.pdf", mimeType="application/pdf", buffer=b"%PDF-1 program")
    page.locator("[name=files]").set_input_files([small])
    page.locator("form[enctype] button").click()


def a_failed_message(page: Page, site: Site) -> None:
    """A message that was sent, one of whose letters failed."""
    writing("preview")(page, site)
    page.locator("button[value=send]").click()
    with site.app.app_context(), transaction() as tx:
        ours = OutboxEmail.office_message_id == int(page.url.rpartition("/")[2])
        row = tx.scalars(select(OutboxEmail).where(ours).limit(1)).one()
        row.state, row.error = MailState.FAILED, "550 5.1.1 no such user here"
    page.reload()


MESSAGE_PLACES = (
    Place("no messages yet", "office.messages.index", event_desk("Tromsø", "/meldinger"), ".empty"),
    Place("a new message", "office.messages.write", event_desk("Bodø", "/meldinger/ny"), "[data-people]"),
    Place("a message refused", "office.messages.write", writing("preview", subject="Hei {fornvn}"), ERRORS, 422),
    Place("a draft of a message", "office.messages.edit", writing("save"), "[data-people]"),
    Place("files of a message", "office.messages.files", with_a_file, ".file-list li"),
    Place("a file that is too large", "office.messages.files", a_heavy_file, ERRORS, 422),
    Place("a message before it is sent", "office.messages.preview", writing("preview"), "iframe"),
    Place("a message that was sent", "office.messages.show", a_failed_message, "tr[data-state=failed] button"),
    Place("messages that were sent", "office.messages.index", event_desk("Bodø", "/meldinger"), "h1"),
    Place("standard texts", "office.standards.index", desk("/standardtekster"), "[data-text=ending]"),
    Place(
        "a new standard text refused", "office.standards.add", refused(desk("/standardtekster/nord/ny")), ERRORS, 422
    ),
    Place("a standard text", "office.standards.edit", desk("/standardtekster/nord/thanks"), "[name=subject]"),
    Place(
        "an event's standard texts", "office.standards.of_event", event_desk("Bodø", "/standardtekster"), "[data-text]"
    ),
    Place(
        "a new text for an event",
        "office.standards.add_for_event",
        event_desk("Bodø", "/standardtekster/ny"),
        "[name=subject]",
    ),
    Place(
        "the end of an event's confirmations",
        "office.standards.edit_for_event",
        event_desk("Bodø", "/standardtekster/ending"),
        "[name=body]",
    ),
)

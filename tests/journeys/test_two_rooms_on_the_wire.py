"""One comes, one calls in, one changes her mind: what each calendar and each mail says of where to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import vobject
from flask import Flask

from courseapp.app import create_app
from courseapp.db import transaction
from courseapp.domain.event import EventKind
from courseapp.models.event import Event
from tests import smtp
from tests.conftest import Clock, settings_for
from tests.journeys.test_calendar_on_the_wire import calendar_part, on_the_wire
from tests.journeys.test_doctor import FORM
from tests.making import LINK, make_event, make_hybrid
from tests.pages import Visitor

A, B = "anne@lege.example.org", "bjorn@lege.example.org"
PLACE = "Møterom Ås, Sjøgata 1; 8006 Bodø"


@pytest.fixture
def office() -> Iterator[smtp.Office]:
    with smtp.server() as running:
        yield running


@pytest.fixture
def mailing(database_url: str, tmp_path: Path, office: smtp.Office) -> Iterator[Flask]:
    made = create_app(
        settings_for(database_url, tmp_path, COURSEAPP_MAIL_SERVER="127.0.0.1", COURSEAPP_MAIL_PORT=str(office.port))
    )
    with made.app_context():
        yield made


def sign_up(app: Flask, event: Event, email: str, **more: str) -> Visitor:
    visitor = Visitor(app)
    visitor.post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "email": email, **more})
    return visitor


def to(mails: list[EmailMessage], email: str) -> list[EmailMessage]:
    return [one for one in mails if one["To"].addresses[0].addr_spec == email]


def entry(message: EmailMessage) -> dict[str, object]:
    """What a calendar program that is not ours reads."""
    calendar = vobject.readOne(calendar_part(message).decode())
    event = calendar.vevent
    found = event.contents.get("conference", [])
    return {
        "method": calendar.method.value,
        "sequence": event.sequence.value,
        "location": event.location.value,
        "linked": LINK in event.description.value,
        "conference": [(one.value, one.params) for one in found],
    }


CALLED = [(LINK, {"VALUE": ["URI"], "FEATURE": ["VIDEO"], "LABEL": ["Videomøte"]})]


def bodies(message: EmailMessage) -> list[bool]:
    """Whether the link stands in the text, and in the html."""
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    return [LINK in part.get_content() for part in parts if part is not None]


def unfolded(visitor: Visitor, address: str) -> str:
    """What an address answers, with the long lines of calendar files whole."""
    return visitor.get(address).body.replace("\r\n ", "")


def own_page(mails: list[EmailMessage]) -> str:
    text = mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"http://kurs\.example\.org(/min/\S+)", text)
    assert found is not None
    return found.group(1)


def test_who_calls_in_has_the_link_and_who_comes_has_the_place(
    mailing: Flask, office: smtp.Office, time: Clock
) -> None:
    event = make_hybrid(5, None)
    sign_up(mailing, event, A, mode="digital")
    sign_up(mailing, event, B, mode="physical")
    mails = on_the_wire(office, time)
    digital, physical = to(mails, A), to(mails, B)
    assert entry(digital[1]) == {
        "method": "REQUEST",
        "sequence": "0",
        "location": LINK,
        "linked": True,
        "conference": CALLED,
    }
    assert entry(physical[1]) == {
        "method": "REQUEST",
        "sequence": "0",
        "location": PLACE,
        "linked": False,
        "conference": [],
    }
    assert bodies(digital[1]) == [True, True]
    assert [LINK in str(one) or LINK.encode() in calendar_part(one) for one in physical[1:]] == [False]
    assert [bodies(one) for one in physical] == [[False, False], [False, False]]
    places = [one.get_body(("plain",)).get_content() for one in (digital[0], physical[0])]  # type: ignore[union-attr]
    assert [("Møterom Ås" in text, "Digitalt" in text) for text in places] == [(False, True), (True, False)]


def test_a_change_of_room_updates_the_entry_that_is_there(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    event = make_hybrid(5, None)
    anne = sign_up(mailing, event, A, mode="physical")
    first = on_the_wire(office, time)
    page = own_page(first)
    time.pass_by(hours=1)
    anne.post(f"{page}/endre", {**FORM, "email": A, "mode": "digital"})
    (changed,) = on_the_wire(office, time)
    told = entry(changed)
    assert (told["method"], told["sequence"], told["location"], told["conference"]) == ("REQUEST", "1", LINK, CALLED)
    uids = [vobject.readOne(calendar_part(one).decode()).vevent.uid.value for one in (first[1], changed)]
    assert uids[0] == uids[1]
    time.pass_by(hours=1)
    anne.post(f"{page}/endre", {**FORM, "email": A, "mode": "physical"})
    (back,) = on_the_wire(office, time)
    assert (entry(back)["sequence"], entry(back)["location"], entry(back)["conference"]) == ("2", PLACE, [])


def test_a_webinar_carries_its_link_in_all_four_places(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    event = make_event(kind=EventKind.WEBINAR, starts=(make_event().sessions[0].starts_at,), slug="webinar")
    with transaction() as tx:
        for session in tx.get_one(Event, event.id).sessions:
            session.place, session.address, session.video_url = "", "", LINK
    sign_up(mailing, event, A)
    _confirmation, invitation = on_the_wire(office, time)
    told = entry(invitation)
    assert (told["location"], told["linked"], told["conference"], bodies(invitation)) == (
        LINK,
        True,
        CALLED,
        [True] * 2,
    )


def test_the_link_is_nowhere_that_is_open_to_all(mailing: Flask, office: smtp.Office, time: Clock) -> None:
    event = make_hybrid(5, None)
    anne, bjorn = sign_up(mailing, event, A, mode="digital"), sign_up(mailing, event, B, mode="physical")
    mails = on_the_wire(office, time)
    here, there = own_page(to(mails, A)), own_page(to(mails, B))
    session = event.sessions[0].id
    stranger = Visitor(mailing)
    open_to_all = (
        *("/", f"/arrangementer/{event.slug}", "/arrangementer.ics", f"/arrangementer/{event.slug}/pamelding"),
        f"/arrangementer/{event.slug}/samling-{session}.ics",
    )
    assert [LINK in unfolded(stranger, address) for address in open_to_all] == [False] * 5
    assert [LINK in unfolded(anne, here), LINK in unfolded(bjorn, there)] == [True, False]
    downloads = [f"{page}/samling-{session}.ics" for page in (here, there)]
    assert [LINK in unfolded(stranger, address) for address in downloads] == [False, False]

"""A doctor's way: find a course, sign up, read the mail, open the link, change, cancel."""

import re
from pathlib import Path

from flask import Flask

from courseapp.mail import postman
from courseapp.services import registrations
from tests.conftest import Clock
from tests.letters import all_letters, occasions, the_registration
from tests.making import make_event
from tests.pages import Visitor

FORM = {
    "first_name": "Åse",
    "last_name": "Ødegård-Bjørnstad",
    "email": "ase@lege.example.org",
    "mobile": "912 34 567",
    "primary_role": "specialist_general_practice",
    "other_roles": ["samlis"],
    "workplace": "Havna legekontor",
    "municipality": "Bodø",
    "hpr_number": "00 12 34 567",
    "supervises": ["alis", "lis1"],
    "reason": "supervisor",
    "dietary_consent": "y",
    "dietary_needs": "Tåler ikke nøtter",
    "note": "Kommer med toget",
}


def test_from_the_list_to_a_seat_and_back_again(app: Flask, tmp_path: Path, time: Clock) -> None:
    event = make_event()
    doctor = Visitor(app)
    assert event.title in doctor.get("/").text
    page = doctor.get(f"/arrangementer/{event.slug}")
    assert (page.one("main").get("data-event"), page.one("main").get("data-seats-left")) == (event.slug, "30")
    receipt = doctor.follow(doctor.post(f"/arrangementer/{event.slug}/pamelding", FORM))
    assert (receipt.one("main").get("data-status"), receipt.h1) == ("registered", "Du har plass")
    assert "ase@lege.example.org" in receipt.text
    assert "/min/" not in receipt.body
    while postman.deliver_due(tmp_path / "mail", time):
        pass
    link = secret_link()
    mine = doctor.get(link)
    assert mine.one("main").get("data-status") == "registered"
    doctor.post(f"{link}/endre", {**FORM, "workplace": "Ny legevakt"})
    assert the_registration("ase@lege.example.org").workplace == "Ny legevakt"
    doctor.post(f"{link}/avmeld")
    assert doctor.get(link).one("main").get("data-status") == "cancelled"
    assert occasions("ase@lege.example.org") == [
        *["confirmation", "invitation", "invitation"],
        *["cancelled", "invitation_cancelled", "invitation_cancelled"],
    ]


def secret_link() -> str:
    """The link in the first letter, as a path."""
    found = re.search(r"http://kurs\.example\.org(/min/\S+)", all_letters()[0].text)
    assert found is not None
    return found.group(1)


def test_the_lost_link_comes_by_mail_and_the_page_tells_nothing(app: Flask) -> None:
    event = make_event()
    doctor = Visitor(app)
    doctor.post(f"/arrangementer/{event.slug}/pamelding", FORM)
    known = doctor.post("/finn", {"email": "ase@lege.example.org"}, expect=200)
    unknown = doctor.post("/finn", {"email": "ingen@lege.example.org"}, expect=200)
    assert known.text.replace("ase@", "ingen@") == unknown.text
    assert registrations.send_asked_links() == 1
    assert [one.to_email for one in all_letters() if one.occasion == "my_links"] == ["ase@lege.example.org"]
    assert "/min/" in all_letters()[-1].text


def test_a_stranger_sees_the_very_page_a_first_sign_up_gives(app: Flask) -> None:
    event = make_event()
    first, stranger = Visitor(app), Visitor(app)
    answers = []
    for visitor in (first, stranger):
        sent = visitor.post(f"/arrangementer/{event.slug}/pamelding", FORM)
        answers.append((sent.status, sent.headers["Location"], visitor.follow(sent).text))
    assert answers[0] == answers[1]


def test_in_line_the_receipt_says_the_number(app: Flask) -> None:
    event = make_event(capacity=1)
    for number in (1, 2, 3):
        doctor = Visitor(app)
        sent = doctor.post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "email": f"a{number}@lege.example.org"})
    receipt = doctor.follow(sent)
    assert (receipt.one("main").get("data-status"), receipt.h1) == ("waitlisted", "Du står på venteliste som nummer 2")
    assert doctor.get(f"/arrangementer/{event.slug}").one("main").get("data-seats-left") == "0"


def test_the_receipt_belongs_to_the_browser_that_signed_up(app: Flask) -> None:
    event = make_event()
    Visitor(app).post(f"/arrangementer/{event.slug}/pamelding", FORM)
    Visitor(app).get(f"/arrangementer/{event.slug}/kvittering", expect=404)


def test_a_wrong_address_is_corrected_from_the_receipt(app: Flask) -> None:
    event = make_event()
    doctor = Visitor(app)
    doctor.post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "email": "feil@lege.example.org"})
    sent = doctor.post(f"/arrangementer/{event.slug}/kvittering/adresse", {"email": "ase@lege.example.org"})
    assert "ase@lege.example.org" in doctor.follow(sent).text
    assert occasions("feil@lege.example.org") == []

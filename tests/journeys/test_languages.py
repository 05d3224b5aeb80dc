"""From the choice of a language to the last letter: whoever signs up in English is written to in English."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from icalendar import Calendar

from courseapp.domain.language import Language
from tests.journeys.test_doctor import FORM
from tests.letters import all_letters, the_registration
from tests.making import make_event
from tests.pages import Page, Visitor

ADDRESS = "ase@lege.example.org"
SUBJECTS = {
    Language.BOKMAL: "Du er påmeldt: Veilederkurs",
    Language.NYNORSK: "Du er påmeld: Rettleiarkurs",
    Language.ENGLISH: "You are registered: Supervisor course",
}
STANDS = {Language.BOKMAL: "Du har plass", Language.NYNORSK: "Du har plass", Language.ENGLISH: "You have a place"}


def sign_up_in(app: Flask, language: Language) -> tuple[Visitor, Page]:
    """Somebody chooses a language on the list and signs up; her browser, and the receipt."""
    event = make_event()
    doctor = Visitor(app)
    doctor.get(f"/?sprak={language.value}")
    return doctor, doctor.follow(doctor.post(f"/arrangementer/{event.slug}/pamelding", FORM))


@pytest.mark.parametrize("language", Language)
def test_what_she_signed_up_in_is_what_she_is_written_to_in(app: Flask, language: Language) -> None:
    _doctor, receipt = sign_up_in(app, language)
    assert (receipt.one("html").get("lang"), receipt.h1) == (language.value, STANDS[language])
    assert the_registration(ADDRESS).language is language
    confirmation, invitation, *_second = all_letters()
    assert confirmation.subject.startswith(SUBJECTS[language])
    assert f'<html lang="{language.value}">' in confirmation.html
    (link,) = set(re.findall(r"http://kurs\.example\.org(/min/\S+)", confirmation.text))
    assert link.partition("?")[2] == ("" if language is Language.BOKMAL else f"sprak={language.value}")
    assert Visitor(app).get(link).one("html").get("lang") == language.value
    (entry,) = Calendar.from_ical(invitation.ics or "").walk("VEVENT")
    wanted = {
        Language.BOKMAL: ("(dag 1 av 2)", "Spørsmål: "),
        Language.NYNORSK: ("(dag 1 av 2)", "Spørsmål: "),
        Language.ENGLISH: ("(day 1 of 2)", "Questions: "),
    }[language]
    assert (wanted[0] in str(entry["SUMMARY"]), wanted[1] in str(entry["DESCRIPTION"])) == (True, True)


def test_what_happens_later_is_told_in_her_language_whoever_does_it(app: Flask) -> None:
    sign_up_in(app, Language.ENGLISH)
    link = re.findall(r"http://kurs\.example\.org(/min/[^\s?]+)", all_letters()[0].text)[0]
    somebody_else = Visitor(app)
    somebody_else.get("/?sprak=nn")
    somebody_else.post(f"{link}/avmeld")
    (told,) = [one for one in all_letters() if one.occasion == "cancelled"]
    assert told.subject.partition(":")[0] == "Your registration is cancelled"


def test_she_may_choose_another_language_for_her_letters(app: Flask) -> None:
    doctor, _receipt = sign_up_in(app, Language.ENGLISH)
    link = re.findall(r"http://kurs\.example\.org(/min/[^\s?]+)", all_letters()[0].text)[0]
    page = doctor.get(f"{link}/endre")
    assert page.value("language") == "en"
    doctor.post(f"{link}/endre", {**page.fields, "language": "nn"}, form_at=f"{link}/endre")
    assert the_registration(ADDRESS).language is Language.NYNORSK
    doctor.post(f"{link}/endre", {**page.fields, "language": "sami"}, form_at=f"{link}/endre", expect=422)
    assert the_registration(ADDRESS).language is Language.NYNORSK

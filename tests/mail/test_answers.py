"""The three answers to an application: the status first, text and html alike, and nothing that is not so."""

import re

import pytest
from flask import Flask

from courseapp.domain.event import SeatRule
from courseapp.domain.ranking import Outcome
from courseapp.models.journal import OutboxEmail
from courseapp.services import applications, registrations
from tests.letters import all_letters
from tests.mail.test_letters import plain
from tests.making import make_event, wish
from tests.services.test_applications import number, shown
from tests.services.test_changes import organizer

ANSWERS = ("seat_given", "waiting", "not_given")


@pytest.fixture
def answers(app: Flask) -> dict[str, OutboxEmail]:
    """One of each."""
    event, kari = make_event(capacity=1, seat_rule=SeatRule.APPLICATION), organizer()
    for one in (1, 2, 3):
        registrations.sign_up(wish(event, one, dietary_needs="Cøliaki"))
    applications.fix(event.slug, number(3), Outcome.REFUSAL, "Har fått plass på et annet kurs", kari)
    applications.decide(event.slug, shown(event, kari), kari)
    return {one.occasion: one for one in all_letters() if one.occasion in ANSWERS}


def test_each_says_its_status_first_and_in_the_subject(answers: dict[str, OutboxEmail]) -> None:
    found = [(answers[one].subject.partition(":")[0], answers[one].text.splitlines()[0]) for one in ANSWERS]
    assert found == [
        ("Du har fått plass", "Du har fått plass"),
        ("Du står på venteliste", "Du har ikke plass ennå"),
        ("Du fikk ikke plass", "Du fikk ikke plass"),
    ]
    assert {one.subject.partition(": ")[2] for one in answers.values()} == {
        "Veilederkurs 22. mars og 22. april 2027, Møterom Ås"
    }


SENTENCES = {
    "seat_given": "Hei, Kåre. Kontoret har gått gjennom søknadene, og du har fått plass. Du trenger ikke å svare.",
    "waiting": "Hei, Kåre. Kontoret har gått gjennom søknadene. Det ble ikke plass til deg nå, men du står på"
    " venteliste som nummer 1. Får du plass, skriver vi til deg.",
    "not_given": "Hei, Kåre. Takk for at du søkte. Kontoret har gått gjennom søknadene, og denne gangen ble det"
    " dessverre ikke plass til deg. Du står ikke på venteliste.",
}


@pytest.mark.parametrize("occasion", ANSWERS)
def test_text_and_html_say_the_same(answers: dict[str, OutboxEmail], occasion: str) -> None:
    one = answers[occasion]
    told = [" ".join(one.text.replace("\N{NO-BREAK SPACE}", " ").split()), plain(one.html)]
    facts = [SENTENCES[occasion], "mandag 22. mars 2027", "torsdag 22. april 2027", "nord@alis.example.org"]
    assert [fact for text in told for fact in facts if fact not in text] == []
    links = [set(re.findall(r"http://kurs\.example\.org/[^\s\"<]+", part)) for part in (one.text, one.html)]
    assert links[0] == links[1]
    assert len([link for link in links[0] if "/min/" in link]) == 1


@pytest.mark.parametrize("occasion", ANSWERS)
def test_no_answer_tells_why_a_hand_was_used_nor_what_anybody_eats(
    answers: dict[str, OutboxEmail], occasion: str
) -> None:
    one = answers[occasion]
    whole = f"{one.subject}{one.text}{one.html}"
    assert [word for word in ("annet kurs", "Cøliaki", "En plass ble ledig", "kø igjen") if word in whole] == []

"""Whoever is written to is written to in her own language; what is kept is kept in bokmål."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from courseapp import speech
from courseapp.db import db
from courseapp.domain.language import Language
from courseapp.models.journal import AuditEntry
from courseapp.services import changes, leaders, line, moves, registrations, roster
from courseapp.services.roster import AddWish
from tests.keys import key_of
from tests.leading import ANE, BO, in_register, organizer
from tests.letters import all_letters, the_registration
from tests.letters import registrations as every_registration
from tests.making import make_event, person, wish
from tests.services.test_changes import as_is, moved
from tests.services.test_messages import send

ENGLISH, NYNORSK = Language.ENGLISH, Language.NYNORSK


def address(number: int) -> str:
    """Of the invented doctor with that number."""
    return person(number).email


def told() -> list[tuple[str, str]]:
    """(address, first line of the letter), calendar letters left out."""
    return [(one.to_email, one.text.splitlines()[0]) for one in all_letters() if not one.ics]


def test_leaders_are_told_in_the_language_of_the_register(app: Flask) -> None:
    kari, event = organizer(), make_event()
    ane, bo = in_register(replace(ANE, language=ENGLISH), BO)
    with speech.speaking(NYNORSK):
        leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)
    assert dict(told()) == {ANE.email: "You are down as a course leader", BO.email: "Du er satt opp som kursholder"}
    (first, *_rest) = [one for one in all_letters() if one.to_email == ANE.email and one.ics]
    assert "You are a course leader." in (first.ics or "")


def test_a_change_is_told_to_each_in_her_own(app: Flask) -> None:
    kari, event = organizer(), make_event()
    for number, language in enumerate((ENGLISH, NYNORSK), start=1):
        registrations.sign_up(wish(event, number, language=language))
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    changes.tell(event.slug, "", actor=kari)
    news = {one.to_email: one.text for one in all_letters() if one.occasion == "changed"}
    assert "New time: Friday 23 April 2027" in news[address(1)]
    assert "Ny tid: fredag 23. april 2027" in news[address(2)]


def test_a_seat_that_comes_free_is_told_in_the_language_of_who_gets_it(app: Flask) -> None:
    event = make_event(capacity=1)
    for number, language in enumerate((NYNORSK, ENGLISH), start=1):
        registrations.sign_up(wish(event, number, language=language))
    line.remove(event.slug, the_registration(address(1)).id, "Ringte", organizer())
    assert told()[-1] == (address(2), "You have been given a place")


def test_a_message_is_filled_in_for_each_in_her_own(app: Flask) -> None:
    kari, event = organizer(), make_event()
    for number, language in enumerate((ENGLISH, NYNORSK), start=1):
        registrations.sign_up(wish(event, number, language=language))
    send(event, kari, subject="Husk {datoer}")
    subjects = {one.to_email: one.subject for one in all_letters() if one.occasion == "message"}
    assert subjects == {
        address(1): "Husk 22 March and 22 April 2027",
        address(2): "Husk 22. mars og 22. april 2027",
    }


def test_what_the_office_adds_or_mends_leaves_the_language_alone(app: Flask) -> None:
    kari, event = organizer(), make_event()
    registrations.sign_up(wish(event, 1, language=ENGLISH))
    with speech.speaking(NYNORSK):
        roster.edit(event.slug, the_registration(address(1)).id, person(1, note="Kommer sent"), kari)
        roster.add(event.slug, AddWish(person=person(2), mail=True), kari)
    assert [the_registration(address(number)).language for number in (1, 2)] == [ENGLISH, Language.BOKMAL]


def test_what_was_changed_is_kept_in_bokmal(app: Flask) -> None:
    kari, event = organizer(), make_event()
    with speech.speaking(ENGLISH):
        changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    db.session.rollback()
    (kept,) = db.session.scalars(select(AuditEntry.details).where(AuditEntry.verb == "event_changed"))
    assert "fredag 23. april 2027" in kept["fields"]["sessions"][1]


def test_all_her_links_come_in_the_language_of_the_first(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1, language=ENGLISH))
    registrations.ask_for_links(address(1))
    assert registrations.send_asked_links() == 1
    letter = all_letters()[-1]
    assert (letter.subject, "?sprak=en" in letter.text) == ("Your registrations with the ALIS and SamLIS offices", True)


def test_the_language_comes_along_to_another_course_and_back(app: Flask) -> None:
    kari, event, other = organizer(), make_event(), make_event(slug="et-annet")
    registrations.sign_up(wish(event, 1, language=NYNORSK))
    moves.move(key_of(address(1)), other.slug)
    there = the_registration(address(1))
    line.remove(other.slug, there.id, "Ringte", kari)
    line.put_back(other.slug, there.id, "Ombestemte seg", kari)
    assert [one.language for one in every_registration() if one.event_id == other.id] == [NYNORSK, NYNORSK]

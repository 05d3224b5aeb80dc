"""A secret link that went astray is closed by the office, and its owner gets another."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import NotFound
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import feeds as feed_rows
from courseapp.queries import registrations as rows
from courseapp.services import feeds, registrations, roster
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.leading import organizer
from tests.letters import all_letters, history, the_registration
from tests.making import make_event, wish
from tests.people import share

EMAIL = "kare1@lege.example.org"


@pytest.fixture
def event(app: Flask) -> Event:
    """A course with somebody in it."""
    made = make_event(slug="kurs")
    registrations.sign_up(wish(made))
    return made


def opens(key: str) -> bool:
    return rows.mine(key, NOW) is not None


def test_the_old_link_is_dead_and_the_new_one_goes_to_its_owner_alone(event: Event) -> None:
    old, one = key_of(EMAIL), the_registration(EMAIL)
    assert roster.new_link("kurs", one.id, organizer()) == EMAIL
    letter = all_letters()[-1]
    (new,) = set(re.findall(r"/min/([^\s\"<]+)", letter.text + letter.html))
    assert (letter.occasion, letter.to_email, opens(old), opens(new)) == ("new_link", EMAIL, False, True)
    assert letter.subject == "Ny lenke til påmeldingen din: Veilederkurs 22. mars og 22. april 2027, Møterom Ås"
    assert letter.text.splitlines()[0] == "Du har fått en ny lenke til påmeldingen din"
    assert history(one.id)[-1] == "link_renewed"


def test_others_keep_theirs_and_her_place_is_what_it_was(event: Event) -> None:
    registrations.sign_up(wish(event, 2))
    other, before = key_of("kare2@lege.example.org"), the_registration(EMAIL).status
    roster.new_link("kurs", the_registration(EMAIL).id, organizer())
    assert (opens(other), the_registration(EMAIL).status) == (True, before)


def test_the_calendar_address_made_with_it_is_closed(event: Event) -> None:
    token = feeds.make_for_participant(key_of(EMAIL))
    assert feed_rows.participant_has(EMAIL)
    roster.new_link("kurs", the_registration(EMAIL).id, organizer())
    assert (feed_rows.participant_has(EMAIL), len(token) > 20) == (False, True)


def test_it_can_be_done_when_she_has_left_and_when_it_is_over(event: Event, time: Clock) -> None:
    registrations.cancel(key_of(EMAIL))
    time.pass_by(days=200)
    old, one = key_of(EMAIL), the_registration(EMAIL)
    roster.new_link("kurs", one.id, organizer())
    assert (rows.mine(old, clock.now()), rows.mine(key_of(EMAIL), clock.now()) is not None) == (None, True)


@pytest.mark.parametrize(("office", "role"), [("ost", UserRole.ORGANIZER), ("nord", UserRole.READER)])
def test_others_find_nobody(event: Event, office: str, role: UserRole) -> None:
    one = the_registration(EMAIL)
    with pytest.raises(NotFound):
        roster.new_link("kurs", one.id, organizer(office, role))
    assert opens(key_of(EMAIL))


def test_a_partner_may_and_another_events_person_is_not_found(event: Event) -> None:
    make_event(slug="annet")
    share(event, "midt")
    partner = organizer("midt")
    with pytest.raises(NotFound):
        roster.new_link("annet", the_registration(EMAIL).id, organizer())
    assert roster.new_link("kurs", the_registration(EMAIL).id, partner) == EMAIL


def test_somebody_who_is_forgotten_gets_none(event: Event) -> None:
    one = the_registration(EMAIL)
    with transaction() as tx:
        tx.get_one(Registration, one.id).anonymised_at = NOW
    with pytest.raises(NotFound):
        roster.new_link("kurs", one.id, organizer())

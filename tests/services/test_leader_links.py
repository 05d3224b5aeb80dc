"""A course leader's secret link: sent, replaced, closed, and what it opens and does not."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.person import CourseLeader
from courseapp.queries import feeds as feed_rows
from courseapp.queries import leader_pages
from courseapp.services import leader_links, leaders
from courseapp.services.leaders import LeaderWish
from tests.attending import course, leads
from tests.conftest import NOW, Clock
from tests.leading import ANE, BO, in_register, organizer
from tests.letters import all_letters
from tests.people import join, written


def key_in_the_letter() -> str:
    db.session.rollback()
    found = re.search(r"/leder/(\S+)", all_letters()[-1].text)
    assert found is not None
    return found.group(1)


def opens(key: str) -> bool:
    db.session.rollback()
    try:
        leader_pages.home(key, NOW)
    except NotFound:
        return False
    return True


def test_the_link_goes_to_her_alone_and_a_new_one_kills_the_old(app: Flask) -> None:
    (ane,) = in_register(ANE)
    actor = organizer()
    assert leader_links.send(ane, actor) == "ane@lege.example.org"
    first = key_in_the_letter()
    letter = all_letters()[-1]
    assert (letter.to_email, letter.subject, opens(first)) == ("ane@lege.example.org", "Kursholdersiden din", True)
    leader_links.send(ane, actor)
    second = key_in_the_letter()
    assert (opens(first), opens(second), len(written("leader_link_sent"))) == (False, True, 2)


def test_a_closed_link_opens_nothing_and_stays_dead_when_another_is_sent(app: Flask) -> None:
    (ane,) = in_register(ANE)
    actor = organizer()
    leader_links.send(ane, actor)
    first = key_in_the_letter()
    leader_links.close(ane, actor)
    leader_links.close(ane, actor)
    assert (opens(first), len(written("leader_link_closed"))) == (False, 1)
    leader_links.send(ane, actor)
    assert (opens(first), opens(key_in_the_letter())) == (False, True)


def test_a_new_address_ends_the_link_that_went_to_the_old(app: Flask) -> None:
    (ane,) = in_register(ANE)
    actor = organizer()
    leader_links.send(ane, actor)
    key = key_in_the_letter()
    same = LeaderWish(name="Ane Berg-Li", email=ANE.email, mobile="", workplace="")
    leaders.edit(ane, same, actor=actor)
    assert opens(key)
    leaders.edit(ane, LeaderWish(name="Ane", email="ny@lege.example.org", mobile="", workplace=""), actor=actor)
    assert not opens(key)


@pytest.mark.parametrize(("office", "role"), [("midt", UserRole.ORGANIZER), ("nord", UserRole.READER)])
def test_others_send_and_close_nothing(app: Flask, office: str, role: UserRole) -> None:
    (ane,) = in_register(ANE)
    actor = organizer(office, role)
    for act in (leader_links.send, leader_links.close):
        with pytest.raises(NotFound):
            act(ane, actor)
    assert (all_letters(), db.session.get_one(CourseLeader, ane).link_sent_at) == ([], None)


def test_forged_cut_and_foreign_keys_open_nothing(app: Flask) -> None:
    event = course()
    ane, bo = in_register(ANE, BO)
    key = leads(event, ane)
    (person,) = join(event, 1)
    never_sent = links().leader_key(bo, 0)
    for wrong in ("", "x", key[:-1], f"{key}x", links().key(person, 1), links().key(ane, 1), never_sent, "\x00"):
        assert not opens(wrong), wrong
    assert opens(key)


def test_she_sees_her_own_courses_and_those_she_is_taken_off_are_gone_at_once(app: Flask, time: Clock) -> None:
    mine, theirs, draft = course(slug="mitt"), course(slug="annet"), course(slug="utkast", status=EventStatus.DRAFT)
    ane, bo = in_register(ANE, BO)
    key = leads(mine, ane)
    leads(draft, ane)
    leads(theirs, bo)
    assert [one.event.slug for one in leader_pages.home(key, time()).coming] == ["mitt"]
    for slug in ("annet", "utkast", "finnes-ikke", "\x00"):
        with pytest.raises(NotFound):
            leader_pages.course(key, slug, time())
    with transaction() as tx:
        tx.get_one(Event, mine.id).leaders = []
    db.session.rollback()
    assert leader_pages.home(key, time()).coming == ()
    with pytest.raises(NotFound):
        leader_pages.session(key, "mitt", mine.sessions[0].id, time())


def test_a_course_stays_for_sixty_days(app: Flask, time: Clock) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    time.pass_by(days=28 + 59)
    home = leader_pages.home(key, time())
    assert ([one.event.slug for one in home.past], home.coming) == ([event.slug], ())
    time.pass_by(days=2)
    assert leader_pages.home(key, time()).past == ()


def test_her_page_holds_no_address_number_note_or_need(app: Flask, time: Clock) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    join(event, 1, note="Kommer litt sent", hpr_number="1234567")
    shown = repr(leader_pages.course(key, event.slug, time()).sections)
    assert "Ødegård 0001" in shown
    for secret in ("kare1@", "+4791234567", "Kommer litt sent", "1234567", "Bodø'"):
        assert secret not in shown


def test_the_kitchen_list_is_hers_only_when_the_organizer_opens_it(app: Flask, time: Clock) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    with pytest.raises(NotFound):
        leader_pages.kitchen(key, event.slug, time())
    with transaction() as tx:
        tx.get_one(Event, event.id).leaders_see_kitchen = True
    assert leader_pages.kitchen(key, event.slug, time()).people == 0
    leader_links.note_kitchen(key, event.id)
    assert written("kitchen_read") == [(None, event.id)]


def test_her_calendar_is_made_replaced_and_closed_by_her_link(app: Flask, time: Clock) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    first = leader_links.make_feed(key)
    second = leader_links.make_feed(key)
    db.session.rollback()
    found = feed_rows.of_token(second, time())
    assert found is not None
    assert (feed_rows.of_token(first, time()), len(found.entries)) == (None, 2)
    leader_links.close_feed(key)
    db.session.rollback()
    assert feed_rows.of_token(second, time()) is None
    for act in (leader_links.make_feed, leader_links.close_feed):
        with pytest.raises(NotFound):
            act(f"{key}x")

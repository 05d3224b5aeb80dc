"""Who may let whom in, and as what: each administrator for her own office, nobody for herself, one always left."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import NotFound
from courseapp.models.account import Membership, User
from courseapp.models.office import Office
from courseapp.queries import accounts as who
from courseapp.queries import users as rows
from courseapp.services import sessions, users
from courseapp.services.accounts import UserRefused
from courseapp.services.users import InvitationWish, LastAdministrator, OwnAccess
from tests.conftest import Clock
from tests.letters import all_letters
from tests.people import inside, user, written
from tests.together import at_once

ADMINISTRATOR, ORGANIZER, READER = UserRole.ADMINISTRATOR, UserRole.ORGANIZER, UserRole.READER


def acting(office: str | None, role: UserRole = ADMINISTRATOR, email: str = "") -> Actor:
    found = who.actor(user(email or f"{role}@{office or 'landet'}.example.org", office=office, role=role))
    assert found is not None
    return found


def wish(office: str | None = "nord", role: UserRole = ORGANIZER, email: str = "Ny@Nord.example.org") -> InvitationWish:
    return InvitationWish(email=email, name="Ny Nilsen", role=role, office=office)


def roles(user_id: int) -> set[tuple[str | None, str]]:
    db.session.rollback()
    found = db.session.execute(
        select(Office.slug, Membership.role)
        .select_from(Membership)
        .outerjoin(Office)
        .where(Membership.user_id == user_id)
    )
    return {(row[0], str(row[1])) for row in found}


def test_an_administrator_lets_a_colleague_into_her_own_office(app: Flask) -> None:
    boss = acting("nord")
    number = users.invite(wish(), actor=boss)
    (letter,) = all_letters()
    assert [roles(number), letter.occasion, letter.to_email] == [
        {("nord", "organizer")},
        "invited",
        "ny@nord.example.org",
    ]
    assert "Kari Nordmann har gitt deg tilgang" in letter.text
    assert written("user_invited") == [(boss.user_id, None)]


@pytest.mark.parametrize(
    ("office", "role", "target", "wanted"),
    [
        ("nord", ADMINISTRATOR, "sor", ORGANIZER),
        ("nord", ADMINISTRATOR, None, READER),
        ("nord", ADMINISTRATOR, None, ADMINISTRATOR),
        ("nord", ORGANIZER, "nord", READER),
        ("nord", READER, "nord", READER),
        (None, READER, "nord", READER),
    ],
)
def test_nobody_else_lets_anybody_in(
    app: Flask, office: str | None, role: UserRole, target: str | None, wanted: UserRole
) -> None:
    actor = acting(office, role)
    with pytest.raises(NotFound):
        users.invite(wish(target, wanted), actor=actor)
    assert [len(db.session.scalars(select(User.id)).all()), all_letters()] == [1, []]


def test_whoever_administers_the_country_lets_anybody_in_anywhere(app: Flask) -> None:
    boss = acting(None)
    number = users.invite(wish("sor", ADMINISTRATOR), actor=boss)
    users.invite(wish(None, READER), actor=boss)
    assert roles(number) == {("sor", "administrator"), (None, "reader")}
    assert [one.occasion for one in all_letters()] == ["invited"]
    with pytest.raises(UserRefused):
        users.invite(wish("sor", READER), actor=boss)


def test_the_list_is_of_my_office_and_the_whole_one_for_the_country(app: Flask, time: Clock) -> None:
    users.invite(wish("sor", email="ny@sor.example.org"), actor=acting(None))
    nord = acting("nord")
    mine, everybody = rows.listed(nord), rows.listed(acting(None, email="to@landet.example.org"))
    assert [[one.email for one in mine.users], len(everybody.users)] == [["administrator@nord.example.org"], 4]
    assert [[one.slug for one in mine.offices], everybody.offices[-1].slug] == [["nord"], None]
    (invited,) = [one for one in everybody.users if one.invited]
    assert [invited.email, invited.has_factor, invited.manages] == ["ny@sor.example.org", False, True]
    with pytest.raises(NotFound):
        rows.one(nord, invited.id, time())


@pytest.mark.parametrize(("office", "role"), [("nord", ORGANIZER), ("nord", READER), (None, READER)])
def test_the_list_is_for_administrators(app: Flask, office: str | None, role: UserRole) -> None:
    with pytest.raises(NotFound):
        rows.listed(acting(office, role))


def test_a_role_is_changed_and_taken_away(app: Flask) -> None:
    boss, number = acting("nord"), user()
    users.set_role(number, "nord", READER, actor=boss)
    assert roles(number) == {("nord", "reader")}
    users.remove_role(number, "nord", actor=boss)
    assert [roles(number), written("role_removed")] == [set(), [(boss.user_id, None)]]
    with pytest.raises(NotFound):
        users.remove_role(number, "nord", actor=boss)


def test_an_administrator_touches_her_own_office_only_even_of_a_user_of_both(app: Flask, time: Clock) -> None:
    number, country = user(), acting(None)
    users.invite(wish("sor", READER, "kari@nord.example.org"), actor=country)
    boss = acting("nord")
    for act in (
        partial(users.set_role, number, "sor", ADMINISTRATOR),
        partial(users.remove_role, number, "sor"),
        partial(users.close, number),
        partial(users.reopen, number),
        partial(users.send_again, number),
    ):
        with pytest.raises(NotFound):
            act(actor=boss)
    with pytest.raises(NotFound):
        sessions.end_for(number, boss)
    assert rows.one(boss, number, time()).user.manages is False
    users.set_role(number, "nord", READER, actor=boss)
    assert roles(number) == {("nord", "reader"), ("sor", "reader")}


def test_nobody_changes_her_own_access(app: Flask) -> None:
    boss, country = acting("nord"), acting(None)
    for actor, office in ((boss, "nord"), (country, None)):
        for act in (
            partial(users.set_role, actor.user_id, office, ADMINISTRATOR),
            partial(users.remove_role, actor.user_id, office),
            partial(users.close, actor.user_id),
        ):
            with pytest.raises(OwnAccess):
                act(actor=actor)
    with pytest.raises(OwnAccess):
        users.invite(wish("sor", ADMINISTRATOR, "administrator@landet.example.org"), actor=country)


def test_the_last_who_administers_the_country_stays(app: Flask) -> None:
    first, second = acting(None), acting(None, email="to@landet.example.org")
    users.remove_role(first.user_id, None, actor=second)
    stale = first  # her page was open when she lost the role
    for act in (
        partial(users.remove_role, second.user_id, None),
        partial(users.set_role, second.user_id, None, READER),
        partial(users.close, second.user_id),
    ):
        with pytest.raises(LastAdministrator):
            act(actor=stale)
    assert roles(second.user_id) == {(None, "administrator")}


def test_a_closed_administrator_does_not_count_as_one_who_is_left(app: Flask) -> None:
    first, second, third = (acting(None, email=f"{name}@landet.example.org") for name in ("en", "to", "tre"))
    users.close(second.user_id, actor=first)
    users.close(third.user_id, actor=first)
    with pytest.raises(LastAdministrator):
        users.close(first.user_id, actor=third)


def test_two_who_remove_each_other_at_once_leave_one(app: Flask) -> None:
    first, second = acting(None), acting(None, email="to@landet.example.org")
    answers = at_once(
        app,
        [
            partial(users.remove_role, first.user_id, None, actor=second),
            partial(users.remove_role, second.user_id, None, actor=first),
        ],
    )
    assert sorted(str(one) for one in answers) == [str(LastAdministrator), "None"]


def test_who_is_shut_out_is_out_at_once_and_may_be_let_in_again(app: Flask, time: Clock) -> None:
    boss, number = acting("nord"), user()
    token = inside(number)
    users.close(number, actor=boss)
    assert [who.entry(token, time()), who.actor(number)] == [None, None]
    users.reopen(number, actor=boss)
    found = who.actor(number)
    assert found is not None
    assert [found.roles, who.entry(token, time())] == [((boss.roles[0][0], ORGANIZER),), None]
    assert [written(verb) for verb in ("user_closed", "user_reopened")] == [[(boss.user_id, None)]] * 2


def test_an_invitation_is_sent_again_until_a_password_is_chosen(app: Flask) -> None:
    boss = acting("nord")
    number = users.invite(wish(), actor=boss)
    users.send_again(number, actor=boss)
    first, second = all_letters()
    assert [second.occasion, first.text == second.text] == ["invited", False]
    with pytest.raises(UserRefused):
        users.send_again(user(), actor=boss)


def test_all_log_ins_of_a_colleague_are_ended(app: Flask, time: Clock) -> None:
    boss, number = acting("nord"), user()
    inside(number)
    sessions.end_for(number, boss)
    assert [who.sessions(number, time()), written("sessions_ended")] == [[], [(boss.user_id, None)]]

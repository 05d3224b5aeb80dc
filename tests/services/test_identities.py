"""Whom a provider speaks of: known by issuer and subject, tied once, told nothing it may not know."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.logging_in import Caller, Claims, LogInMethod
from courseapp.models.account import User
from courseapp.models.logging_in import AccountLink, Identity, SpentState
from courseapp.queries import accounts as rows
from courseapp.services import housekeeping, identities, users
from courseapp.services.identities import NotInvited, SpentTrip
from courseapp.services.users import InvitationWish
from tests.conftest import Clock
from tests.people import user
from tests.together import at_once

HERE, DOMAINS = Caller(remote="10.0.0.1", agent="Firefox/130.0 Linux"), frozenset({"nord.example.org"})
ISSUER = "https://login.example.org/oslo"


def claims(subject: str = "1", *, email: str = "kari@nord.example.org", issuer: str = ISSUER) -> Claims:
    return Claims(issuer=issuer, subject=subject, email=email, email_verified=True, authenticated_at=None)


def enter(told: Claims) -> str:
    return identities.log_in(told, DOMAINS, caller=HERE).token


def test_she_is_tied_by_her_address_once_and_known_by_who_she_is_from_then_on(app: Flask, time: Clock) -> None:
    number = user()
    found = [
        rows.entry(enter(claims(email=email)), time()) for email in ("Kari@nord.example.org", "x@nord.example.org")
    ]
    assert [(one.actor.user_id, one.method) for one in found if one is not None] == [(number, LogInMethod.OIDC)] * 2
    assert db.session.execute(select(Identity.user_id, Identity.subject)).all() == [(number, "1")]
    assert [rows.linked_to(number, ISSUER), rows.linked_to(number, "https://x")] == [True, False]


def test_one_user_may_come_from_two_municipalities(app: Flask) -> None:
    user()
    enter(claims())
    enter(claims(issuer="https://login.example.org/nord"))
    assert db.session.scalars(select(Identity.subject)).all() == ["1", "1"]


@pytest.mark.parametrize(
    "told", [claims("2", email="ny@nord.example.org"), claims("2", email="kari@x.example.org"), claims("2")]
)
def test_others_are_refused_and_nothing_is_written(app: Flask, told: Claims) -> None:
    user()
    user("kari@x.example.org")
    enter(claims())
    with pytest.raises(NotInvited):
        enter(told)
    db.session.rollback()
    assert db.session.scalars(select(Identity.subject)).all() == ["1"]


def test_a_closed_user_is_refused(app: Flask) -> None:
    number = user()
    enter(claims())
    with transaction() as tx:
        tx.get_one(User, number).active = False
    with pytest.raises(NotInvited):
        enter(claims())


def test_an_invitation_is_answered_by_coming_from_the_municipality(app: Flask, time: Clock) -> None:
    boss = Actor(user_id=user(), name="Kari", roles=(), national=UserRole.ADMINISTRATOR)
    wish = InvitationWish(email="ny@nord.example.org", name="Ny Nilsen", role=UserRole.READER, office="nord")
    number = users.invite(wish, actor=boss)
    found = rows.entry(enter(claims(email="ny@nord.example.org")), time())
    assert found is not None
    assert [found.actor.user_id, db.session.scalars(select(AccountLink)).all()] == [number, []]


def test_two_people_with_one_address_at_once_are_tied_once(app: Flask) -> None:
    user()
    answers = at_once(app, [partial(enter, claims(subject)) for subject in ("1", "2", "3")])
    assert [answers.count(NotInvited), len(db.session.scalars(select(Identity.subject)).all())] == [2, 1]


def test_a_round_trip_is_spent_once_also_by_two_at_once_and_forgotten_later(app: Flask, time: Clock) -> None:
    answers = at_once(app, [partial(identities.spend_state, "en tur") for _ in range(3)])
    assert [answers.count(None), answers.count(SpentTrip)] == [1, 2]
    identities.spend_state("en annen")
    time.pass_by(minutes=20)
    housekeeping.tidy()
    assert db.session.scalars(select(SpentState.state_hash)).all() == []

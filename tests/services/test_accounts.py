"""Making users."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import DomainError
from courseapp.models.account import Membership, User
from courseapp.models.journal import AuditEntry
from courseapp.queries import accounts as who
from courseapp.services.accounts import create_user
from tests.people import PASSWORD, user

COMMON = "Passordet er blant de vanligste og blir gjettet først. Velg for eksempel fire tilfeldige ord."
KARI = "kari@nord.example.org"


def test_a_user_is_an_actor_with_the_role_of_the_membership(app: Flask) -> None:
    number = user(role=UserRole.READER)
    actor = who.actor(number)
    assert actor is not None
    office = db.session.scalars(select(Membership.office_id)).one()
    assert [actor.name, actor.roles, actor.national] == ["Kari Nordmann", ((office, UserRole.READER),), None]


def test_a_national_user_belongs_to_no_office(app: Flask) -> None:
    actor = who.actor(user(office=None, role=UserRole.READER))
    assert actor is not None
    assert [actor.roles, actor.national, actor.offices] == [(), UserRole.READER, None]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"password": "for kort"}, "Passordet må ha minst 12 tegn."),
        ({"password": "Password 1234"}, COMMON),
        ({"email": f" {KARI.upper()}"}, "Det finnes allerede en bruker med denne adressen."),
        ({"office": "nordpolen"}, "Kontoret finnes ikke."),
        ({"office": None}, "En arrangør må høre til et kontor."),
    ],
)
def test_a_user_that_cannot_be_made_is_refused_with_the_reason(
    app: Flask, facts: dict[str, str | None], sentence: str
) -> None:
    user()
    wanted = {"email": "ola@nord.example.org", "name": "Ola", "password": PASSWORD, "office": "nord", **facts}
    with pytest.raises(DomainError) as refusal:
        create_user(role=UserRole.ORGANIZER, **wanted)  # type: ignore[arg-type] # None for an office
    assert str(refusal.value) == sentence
    assert db.session.scalars(select(User.email)).all() == [KARI]


def test_the_database_too_wants_an_office_for_an_organizer(app: Flask) -> None:
    number = user()
    with pytest.raises(IntegrityError), transaction() as tx:
        tx.add(Membership(user_id=number, office_id=None, role=UserRole.ORGANIZER))


def test_who_made_a_user_is_written_down_with_the_role(app: Flask) -> None:
    number = create_user(email=KARI, name="Kari", password=PASSWORD, office="nord", role=UserRole.ORGANIZER)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert [entry.verb, entry.actor, entry.user_id, entry.details] == [
        "user_created",
        "system",
        number,
        {"role": "organizer"},
    ]

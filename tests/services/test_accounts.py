"""Making users and logging them in."""

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import TooManyTries, WrongLogIn
from courseapp.models.account import Membership, User
from courseapp.models.journal import AuditEntry, TryCount
from courseapp.queries import accounts as who
from courseapp.services import accounts
from courseapp.services.accounts import MOST_TRIES, UserRefused, create_user, log_in
from tests.conftest import Clock
from tests.people import PASSWORD, user, written

KARI = "kari@nord.example.org"


def fail(email: str = KARI, *, remote: str = "10.0.0.1") -> None:
    with pytest.raises(WrongLogIn):
        log_in(email, "feil passord helt sikkert", remote=remote)


def test_a_user_is_an_actor_with_the_role_of_the_membership(app: Flask) -> None:
    number = user(role=UserRole.READER)
    actor = who.actor(number, 1)
    assert actor is not None
    office = db.session.scalars(select(Membership.office_id)).one()
    assert [actor.name, actor.roles, actor.national] == ["Kari Nordmann", ((office, UserRole.READER),), None]


def test_a_national_user_belongs_to_no_office(app: Flask) -> None:
    actor = who.actor(user(office=None, role=UserRole.READER), 1)
    assert actor is not None
    assert [actor.roles, actor.national, actor.offices] == [(), UserRole.READER, None]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"password": "for kort"}, "Passordet må ha minst 12 tegn."),
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
    with pytest.raises(UserRefused) as refusal:
        create_user(role=UserRole.ORGANIZER, **wanted)  # type: ignore[arg-type] # None for an office
    assert refusal.value.message == sentence
    assert db.session.scalars(select(User.email)).all() == [KARI]


def test_the_database_too_wants_an_office_for_an_organizer(app: Flask) -> None:
    number = user()
    with pytest.raises(IntegrityError), transaction() as tx:
        tx.add(Membership(user_id=number, office_id=None, role=UserRole.ORGANIZER))


def test_the_right_password_gives_the_session_its_facts_and_is_written_down(app: Flask) -> None:
    number = user()
    assert log_in(f" {KARI.title()}", PASSWORD, remote="10.0.0.1") == accounts.LoggedIn(number, 1)
    assert written("logged_in") == [(number, None)]


def test_a_wrong_password_is_refused_and_leaves_no_log_in_behind(app: Flask) -> None:
    user()
    fail()
    fail("ingen@nord.example.org")
    assert written("logged_in") == []


def test_a_closed_user_cannot_log_in(app: Flask) -> None:
    number = user()
    with transaction() as tx:
        tx.get_one(User, number).active = False
    with pytest.raises(WrongLogIn):
        log_in(KARI, PASSWORD, remote="10.0.0.1")


def test_tries_are_bounded_for_the_pair_of_account_and_network_address(app: Flask) -> None:
    user()
    user("ola@nord.example.org")
    for _ in range(MOST_TRIES):
        fail()
    with pytest.raises(TooManyTries):
        log_in(KARI, PASSWORD, remote="10.0.0.1")
    elsewhere = log_in(KARI, PASSWORD, remote="10.0.0.2")
    another = log_in("ola@nord.example.org", PASSWORD, remote="10.0.0.1")
    assert [elsewhere.serial, another.serial] == [1, 1]


def test_writing_the_address_in_another_way_gives_no_more_tries(app: Flask) -> None:
    user()
    for number in range(MOST_TRIES):
        fail(KARI.upper() if number % 2 else f" {KARI} ")
    with pytest.raises(TooManyTries):
        log_in(KARI, PASSWORD, remote="10.0.0.1")


def test_a_success_forgets_the_tries_before_it(app: Flask) -> None:
    user()
    for _ in range(MOST_TRIES - 1):
        fail()
    log_in(KARI, PASSWORD, remote="10.0.0.1")
    assert db.session.scalars(select(TryCount.subject).where(TryCount.bucket == "log_in")).all() == []


def test_the_tries_run_out_with_their_window(app: Flask, time: Clock) -> None:
    user()
    for _ in range(MOST_TRIES):
        fail()
    time.pass_by(minutes=15)
    assert log_in(KARI, PASSWORD, remote="10.0.0.1").serial == 1


def test_neither_address_is_kept_in_the_count(app: Flask) -> None:
    user()
    fail()
    (subject,) = db.session.scalars(select(TryCount.subject).where(TryCount.bucket == "log_in"))
    assert [part in subject for part in (KARI, "kari", "10.0.0.1")] == [False] * 3


def test_a_raised_serial_ends_all_sessions(app: Flask) -> None:
    number = user()
    with transaction() as tx:
        tx.get_one(User, number).log_in_serial = 2
    assert [who.actor(number, 1), log_in(KARI, PASSWORD, remote="10.0.0.1").serial] == [None, 2]


def test_an_old_hash_is_renewed_by_a_log_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseapp.services.accounts._hasher", PasswordHasher())
    number = user()
    old = db.session.scalars(select(User.password_hash)).one()
    log_in(KARI, PASSWORD, remote="10.0.0.1")
    renewed = db.session.scalars(select(User.password_hash)).one()
    assert [renewed == old, PasswordHasher().check_needs_rehash(renewed)] == [False, False]
    assert log_in(KARI, PASSWORD, remote="10.0.0.1").user_id == number


def test_a_password_that_was_changed_while_the_old_one_was_checked_does_not_let_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = user()

    def change_meanwhile(hashed: str, password: str) -> bool:
        with transaction() as tx:
            tx.get_one(User, number).password_hash = PasswordHasher().hash("et helt nytt passord")
        return True

    monkeypatch.setattr(accounts, "_matches", change_meanwhile)
    with pytest.raises(WrongLogIn):
        log_in(KARI, PASSWORD, remote="10.0.0.1")


def test_no_write_is_held_open_while_the_password_is_checked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user()
    engine_events: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: engine_events.append(given[2].split()[0]))
    matches = accounts._matches

    def noted(hashed: str, password: str) -> bool:
        engine_events.append("check")
        return matches(hashed, password)

    monkeypatch.setattr(accounts, "_matches", noted)
    log_in(KARI, PASSWORD, remote="10.0.0.1")
    checked = engine_events.index("check")
    assert engine_events[checked - 1] == "SELECT"
    assert "INSERT" in engine_events[checked:]


def test_who_made_a_user_is_written_down_with_the_role(app: Flask) -> None:
    number = create_user(email=KARI, name="Kari", password=PASSWORD, office="nord", role=UserRole.ORGANIZER)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert [entry.verb, entry.actor, entry.user_id, entry.details] == [
        "user_created",
        "system",
        number,
        {"role": "organizer"},
    ]

"""Getting in with a password: what is bounded, what is written down, what is compared."""

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, select

from courseapp.db import db, transaction
from courseapp.domain.errors import TooManyTries, WrongLogIn
from courseapp.domain.logging_in import Caller
from courseapp.models.account import User
from courseapp.models.journal import TryCount
from courseapp.models.logging_in import UserSession
from courseapp.queries.accounts import entry
from courseapp.services import passwords
from courseapp.services.log_in import MOST_TRIES, MOST_WRONG, with_password
from courseapp.services.sessions import Entered, Step
from tests.conftest import Clock
from tests.people import PASSWORD, user, with_app, written

KARI = "kari@nord.example.org"


def log_in(
    email: str = KARI, password: str = PASSWORD, *, remote: str = "10.0.0.1", device: str | None = None
) -> Entered:
    return with_password(email, password, caller=Caller(remote=remote, device=device))


def fail(email: str = KARI, *, remote: str = "10.0.0.1") -> None:
    with pytest.raises(WrongLogIn):
        log_in(email, "feil passord helt sikkert", remote=remote)


def test_a_log_in_is_begun_and_written_down(app: Flask, time: Clock) -> None:
    number = user()
    entered = with_password(f" {KARI.title()}", PASSWORD, caller=Caller(remote="10.0.0.1"), exempt=True)
    found = entry(entered.token, time())
    assert found is not None
    assert [entered.step, found.actor.user_id, found.confirmed_at] == [Step.INSIDE, number, time()]
    assert written("logged_in") == [(number, None)]


def test_without_a_second_factor_the_password_opens_nothing_but_its_setting_up(app: Flask, time: Clock) -> None:
    number = user()
    entered = log_in()
    found = entry(entered.token, time())
    assert found is not None
    assert [entered.step, entered.device, found.confirmed_at] == [Step.SET_UP, None, None]
    with_app(number)
    assert [log_in().step, written("logged_in")] == [Step.CODE, []]


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
    assert [elsewhere.step, another.step] == [Step.SET_UP, Step.SET_UP]


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
    assert log_in().step is Step.SET_UP


def test_neither_address_is_kept_in_the_count(app: Flask) -> None:
    user()
    fail()
    (subject,) = db.session.scalars(select(TryCount.subject).where(TryCount.bucket == "log_in"))
    assert [part in subject for part in (KARI, "kari", "10.0.0.1")] == [False] * 3


def test_an_old_hash_is_renewed_by_a_log_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseapp.services.passwords._hasher", PasswordHasher())
    user()
    old = db.session.scalars(select(User.password_hash)).one()
    log_in(KARI, PASSWORD, remote="10.0.0.1")
    renewed = db.session.scalars(select(User.password_hash)).one()
    assert [renewed == old, PasswordHasher().check_needs_rehash(renewed)] == [False, False]
    assert log_in().step is Step.SET_UP


def test_a_password_that_was_changed_while_the_old_one_was_checked_does_not_let_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = user()

    def change_meanwhile(hashed: str, password: str) -> bool:
        with transaction() as tx:
            tx.get_one(User, number).password_hash = PasswordHasher().hash("et helt nytt passord")
        return True

    monkeypatch.setattr(passwords, "matches", change_meanwhile)
    with pytest.raises(WrongLogIn):
        log_in(KARI, PASSWORD, remote="10.0.0.1")


def test_no_write_is_held_open_while_the_password_is_checked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user()
    engine_events: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: engine_events.append(given[2].split()[0]))
    matches = passwords.matches

    def noted(hashed: str, password: str) -> bool:
        engine_events.append("check")
        return matches(hashed, password)

    monkeypatch.setattr(passwords, "matches", noted)
    log_in(KARI, PASSWORD, remote="10.0.0.1")
    checked = engine_events.index("check")
    assert engine_events[checked - 1] == "SELECT"
    assert "INSERT" in engine_events[checked:]


def test_guessing_from_everywhere_is_slowed_but_locks_nobody_out_of_a_browser_she_has_used(
    app: Flask, time: Clock
) -> None:
    user()
    known = with_password(KARI, PASSWORD, caller=Caller(remote="10.0.0.1"), exempt=True).device
    for number in range(MOST_WRONG):
        fail(remote=f"10.0.1.{number}")
    for device in (None, "et merke som ingen har"):
        with pytest.raises(TooManyTries):
            log_in(remote="10.0.0.2", device=device)
    assert log_in(remote="10.0.0.2", device=known).step is Step.SET_UP
    time.pass_by(hours=1)
    assert log_in(remote="10.0.0.2").step is Step.SET_UP


def test_an_unknown_address_is_slowed_as_a_known_one_is(app: Flask) -> None:
    for number in range(MOST_WRONG):
        fail("ingen@nord.example.org", remote=f"10.0.1.{number}")
    with pytest.raises(TooManyTries):
        log_in("ingen@nord.example.org", remote="10.0.0.2")


def test_a_half_way_log_in_is_kept_for_a_quarter_of_an_hour(app: Flask, time: Clock) -> None:
    user()
    entered = log_in()
    time.pass_by(minutes=14)
    still = entry(entered.token, time())
    time.pass_by(minutes=1)
    assert [still is None, entry(entered.token, time())] == [False, None]
    assert db.session.scalars(select(UserSession.confirmed_at)).all() == [None]

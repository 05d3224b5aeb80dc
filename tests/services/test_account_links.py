"""Links to choose a password with: one at a time, once, not for long, and kept nowhere that opens anything."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db, transaction
from courseapp.domain.errors import LinkIsDead, TooManyTries, WrongLogIn
from courseapp.domain.logging_in import Caller, LinkKind
from courseapp.models.account import User
from courseapp.models.journal import OutboxEmail
from courseapp.models.logging_in import AccountLink, Identity, ResetRequest
from courseapp.queries import accounts as rows
from courseapp.services import account_links, housekeeping, log_in
from courseapp.services.account_links import ask_for_reset, choose_password, send_asked
from courseapp.services.passwords import WeakPassword
from courseapp.services.sessions import Step
from tests.conftest import Clock
from tests.letters import all_letters, deliver
from tests.people import PASSWORD, inside, user, with_app, written

KARI, NEW = "kari@nord.example.org", "et helt nytt og langt passord"


def asked(email: str = KARI, *, remote: str = "10.0.0.1") -> int:
    ask_for_reset(email, remote=remote)
    return send_asked()


def token_in(letter: OutboxEmail) -> str:
    """The same one in text and html."""
    there = re.compile(r"http://kurs\.example\.org/kontor/passord/([\w-]+)")
    found = [[str(one) for one in there.findall(part)] for part in (letter.text, letter.html)]
    assert found[0] == found[1]
    (token,) = found[0]
    return token


def newest_token() -> str:
    return token_in(all_letters()[-1])


def works(password: str) -> bool:
    try:
        return log_in.with_password(KARI, password, caller=Caller(remote="10.0.0.9")).step in Step
    except WrongLogIn:
        return False


def test_a_forgotten_password_is_chosen_anew_and_every_log_in_ends(app: Flask, time: Clock) -> None:
    number = user()
    with_app(number)
    inside(number)
    assert asked(" Kari@Nord.example.org ") == 1
    token = newest_token()
    assert rows.link(token, time()) is LinkKind.RESET
    choose_password(token, NEW)
    assert [works(PASSWORD), works(NEW), rows.sessions(number, time())] == [False, True, []]
    assert rows.factor(number) is not None
    assert [one.occasion for one in all_letters()] == ["password_link", "password_changed"]
    assert written("password_chosen") == [(number, None)]


def test_a_link_works_once(app: Flask, time: Clock) -> None:
    user()
    asked()
    token = newest_token()
    choose_password(token, NEW)
    with pytest.raises(LinkIsDead):
        choose_password(token, "et annet langt passord")
    assert [rows.link(token, time()), works(NEW)] == [None, True]


def test_a_weak_password_leaves_the_link_alive(app: Flask) -> None:
    user()
    asked()
    token = newest_token()
    for password in ("for kort", "Kari Nordmann", KARI, "kari.nordmann", "123456789012", "aaaaaaaaaaaaaaaa", "x" * 201):
        with pytest.raises(WeakPassword):
            choose_password(token, password)
    choose_password(token, NEW)
    assert works(NEW)


def test_looking_at_a_link_does_not_use_it_up(app: Flask, time: Clock) -> None:
    user()
    asked()
    token = newest_token()
    assert [rows.link(token, time()) for _ in range(3)] == [LinkKind.RESET] * 3


def test_a_link_ends_after_an_hour(app: Flask, time: Clock) -> None:
    user()
    asked()
    token = newest_token()
    time.pass_by(hours=1)
    with pytest.raises(LinkIsDead):
        choose_password(token, NEW)
    assert rows.link(token, time()) is None


def test_a_newer_link_ends_the_older(app: Flask, time: Clock) -> None:
    user()
    asked()
    first = newest_token()
    asked()
    with pytest.raises(LinkIsDead):
        choose_password(first, NEW)
    choose_password(newest_token(), NEW)
    assert works(NEW)


def test_a_closed_user_gets_no_link_and_one_she_has_is_dead(app: Flask, time: Clock) -> None:
    number = user()
    asked()
    token = newest_token()
    with transaction() as tx:
        tx.get_one(User, number).active = False
    assert [asked(), rows.link(token, time())] == [0, None]
    with pytest.raises(LinkIsDead):
        choose_password(token, NEW)


@pytest.mark.parametrize("token", ["", "x", "x" * 500, "\x00", "æøå", "' OR 1=1"])
def test_a_token_nobody_was_given_opens_nothing(app: Flask, time: Clock, token: str) -> None:
    user()
    asked()
    assert rows.link(token, time()) is None
    with pytest.raises(LinkIsDead):
        choose_password(token, NEW)


def test_asking_does_the_same_for_known_and_unknown(app: Flask) -> None:
    user()
    for email in (KARI, "ingen@nord.example.org"):
        ask_for_reset(email, remote="10.0.0.1")
    assert [db.session.scalar(select(func.count()).select_from(ResetRequest)), all_letters()] == [2, []]
    assert [send_asked(), send_asked()] == [1, 0]
    assert db.session.scalar(select(func.count()).select_from(ResetRequest)) == 0


def test_an_address_gets_three_letters_an_hour_whoever_asks(app: Flask, time: Clock) -> None:
    user()
    assert [asked(remote=f"10.0.0.{number}") for number in range(5)] == [1, 1, 1, 0, 0]
    time.pass_by(hours=1)
    assert asked() == 1


def test_a_network_address_asks_twenty_times_an_hour(app: Flask) -> None:
    for number in range(account_links.MOST_ASKED_FROM):
        ask_for_reset(f"a{number}@nord.example.org", remote="10.0.0.1")
    with pytest.raises(TooManyTries):
        ask_for_reset(KARI, remote="10.0.0.1")
    ask_for_reset(KARI, remote="10.0.0.2")


def test_who_gets_in_by_way_of_the_municipality_alone_is_sent_no_password(app: Flask, time: Clock) -> None:
    number = user()
    with transaction() as tx:
        tx.get_one(User, number).password_hash = ""
        tx.add(Identity(user_id=number, issuer="https://id.example.org", subject="1", linked_at=time()))
    assert asked() == 0


def test_the_token_is_nowhere_in_the_database_once_the_letter_has_left(app: Flask, time: Clock, tmp_path: Path) -> None:
    user()
    asked()
    token = newest_token()
    link = db.session.scalars(select(AccountLink)).one()
    assert [len(link.token_hash), token in link.token_hash] == [64, False]
    housekeeping.tidy()
    assert token_in(all_letters()[0]) == token  # not while it waits to be sent
    deliver(tmp_path, time)
    time.pass_by(minutes=10)
    housekeeping.tidy()
    (letter,) = all_letters()
    assert [letter.text, letter.html, letter.state, rows.link(token, time())] == ["", "", "sent", LinkKind.RESET]


def test_housekeeping_forgets_what_has_run_out(app: Flask, time: Clock) -> None:
    number = user()
    asked()
    inside(number, until=time())
    time.pass_by(hours=2)
    housekeeping.tidy()
    assert db.session.scalars(select(AccountLink)).all() == []
    assert rows.sessions(number, time()) == []


def test_who_chose_a_password_by_mail_is_known_in_that_browser(app: Flask) -> None:
    user()
    asked()
    mark = choose_password(newest_token(), NEW)
    for number in range(log_in.MOST_WRONG):
        with pytest.raises(WrongLogIn):
            log_in.with_password(KARI, "feil", caller=Caller(remote=f"10.0.1.{number}"))
    with pytest.raises(TooManyTries):
        log_in.with_password(KARI, NEW, caller=Caller(remote="10.0.2.1"))
    assert log_in.with_password(KARI, NEW, caller=Caller(remote="10.0.2.1", device=mark)).step is Step.SET_UP

"""Codes from an app and codes on paper: each once, at its time, sealed where they are kept."""

from datetime import datetime, timedelta
from functools import partial

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import LogInLapsed, NotFound, TooManyTries, WrongCode, WrongLogIn
from courseapp.domain.logging_in import Caller
from courseapp.models.journal import OutboxEmail
from courseapp.models.logging_in import RecoveryCode, SecondFactor, UserSession
from courseapp.models.office import Office
from courseapp.queries import accounts as rows
from courseapp.sealing import EXTENSION, Seal, seal
from courseapp.services import log_in, second_factor
from courseapp.services.sessions import Step
from tests.conftest import Clock
from tests.people import PASSWORD, inside, user, with_app, written
from tests.together import at_once

KARI = "kari@nord.example.org"
HERE = Caller(remote="10.0.0.1")


def half_way() -> str:
    return log_in.with_password(KARI, PASSWORD, caller=HERE).token


def enter(code: str) -> Step:
    return log_in.with_code(half_way(), code, caller=HERE).step


def proposed(token: str, now: datetime) -> pyotp.TOTP:
    """The app that scanned the picture."""
    found = rows.entry(token, now)
    assert found is not None
    assert found.next_secret is not None
    secret, address = second_factor.shown(found.next_secret, found.email)
    telephone = pyotp.parse_uri(address)
    assert isinstance(telephone, pyotp.TOTP)
    assert [telephone.secret, telephone.name, telephone.issuer] == [
        secret.replace(" ", ""),
        KARI,
        "ALIS og SamLIS kurs",
    ]
    return telephone


def set_up(now: datetime) -> tuple[pyotp.TOTP, list[str]]:
    token = half_way()
    telephone = proposed(token, now)
    return telephone, log_in.with_new_app(token, telephone.at(now), caller=HERE)[1]


def test_a_first_log_in_ends_with_an_app_and_ten_codes_on_paper(app: Flask, time: Clock) -> None:
    number = user()
    telephone, codes = set_up(time())
    factor = rows.factor(number)
    assert factor is not None
    assert [len(set(codes)), factor.codes_left, factor.set_up_at] == [10, 10, time()]
    time.pass_by(seconds=30)
    assert enter(telephone.at(time())) is Step.INSIDE
    assert written("factor_set_up") == [(number, None)]


def test_a_code_works_once(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    code = telephone.at(time())
    assert enter(f" {code[:3]} {code[3:]}") is Step.INSIDE
    with pytest.raises(WrongCode):
        enter(code)


def test_the_code_that_set_the_app_up_lets_nobody_in_again(app: Flask, time: Clock) -> None:
    user()
    telephone, _codes = set_up(time())
    with pytest.raises(WrongCode):
        enter(telephone.at(time()))


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(app: Flask, time: Clock, seconds: int, good: bool) -> None:
    telephone = with_app(user())
    code = telephone.at(time() + timedelta(seconds=seconds))
    if good:
        assert enter(code) is Step.INSIDE
    else:
        with pytest.raises(WrongCode):
            enter(code)


def test_a_code_older_than_the_last_one_used_is_refused(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    enter(telephone.at(time()))
    with pytest.raises(WrongCode):
        enter(telephone.at(time() - timedelta(seconds=30)))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00", "AAAA-AAAA-AAAA-AAAA", "x" * 40])
def test_what_is_no_code_is_refused(app: Flask, time: Clock, code: str) -> None:
    user()
    set_up(time())
    with pytest.raises(WrongCode):
        enter(code)
    assert len(written("logged_in")) == 1


def test_a_recovery_code_works_once_however_it_is_typed(app: Flask, time: Clock) -> None:
    number = user()
    _telephone, codes = set_up(time())
    assert enter(codes[0].lower().replace("-", " ")) is Step.INSIDE
    with pytest.raises(WrongCode):
        enter(codes[0])
    factor = rows.factor(number)
    assert factor is not None
    assert [factor.codes_left, written("recovery_code_used")] == [9, [(number, None)]]


def test_another_users_recovery_code_opens_nothing(app: Flask, time: Clock) -> None:
    user()
    _telephone, codes = set_up(time())
    with_app(user("ola@nord.example.org"))
    token = log_in.with_password("ola@nord.example.org", PASSWORD, caller=HERE).token
    with pytest.raises(WrongCode):
        log_in.with_code(token, codes[0], caller=HERE)


def test_what_the_database_keeps_opens_nothing(app: Flask, time: Clock) -> None:
    user()
    telephone, codes = set_up(time())
    factor = db.session.scalars(select(SecondFactor)).one()
    hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert telephone.secret not in factor.secret
    assert [code for code in codes if code in hashes or code.replace("-", "") in hashes] == []
    assert Seal(("a key of somebody else, long enough",)).opened(factor.secret) is None


def test_a_log_in_moves_the_secret_to_the_new_key_and_without_either_key_nothing_opens(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    new, old = "a new key that is long enough", seal().keys
    try:
        for keys in ((new, *old), (new,)):
            app.extensions[EXTENSION] = Seal(keys)
            assert enter(telephone.at(time())) is Step.INSIDE
            time.pass_by(minutes=1)
        app.extensions[EXTENSION] = Seal(old)
        with pytest.raises(LogInLapsed):
            enter(telephone.at(time()))
    finally:
        app.extensions[EXTENSION] = Seal(old)


def test_codes_are_tried_ten_times_in_a_quarter_of_an_hour_from_wherever(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    token = half_way()
    for number in range(second_factor.MOST_CODES):
        with pytest.raises(WrongCode):
            log_in.with_code(token, "000000", caller=Caller(remote=f"10.0.0.{number}"))
    with pytest.raises(TooManyTries):
        log_in.with_code(token, telephone.at(time()), caller=HERE)
    time.pass_by(minutes=15)
    assert enter(telephone.at(time())) is Step.INSIDE


def test_a_half_way_log_in_is_used_up_by_its_code(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    token = half_way()
    log_in.with_code(token, telephone.at(time()), caller=HERE)
    time.pass_by(seconds=30)
    with pytest.raises(LogInLapsed):
        log_in.with_code(token, telephone.at(time()), caller=HERE)
    with pytest.raises(LogInLapsed):
        log_in.with_code(inside(user("ola@nord.example.org")), "123456", caller=HERE)


def test_two_who_set_up_at_once_do_not_share_an_app(app: Flask, time: Clock) -> None:
    user()
    mine, hers = half_way(), half_way()
    telephones = [proposed(one, time()) for one in (mine, hers)]
    assert telephones[0].secret != telephones[1].secret
    log_in.with_new_app(mine, telephones[0].at(time()), caller=HERE)
    with pytest.raises(LogInLapsed):
        log_in.with_new_app(hers, telephones[1].at(time()), caller=HERE)


def test_a_new_app_replaces_the_old_one_with_its_first_code(app: Flask, time: Clock) -> None:
    number = user()
    old = with_app(number)
    token = inside(number)
    entry = rows.entry(token, time())
    assert entry is not None
    with pytest.raises(LogInLapsed):
        second_factor.replace(entry.session_id, "123456")
    second_factor.begin_replacing(entry.session_id)
    new = proposed(token, time())
    with pytest.raises(WrongCode):
        second_factor.replace(entry.session_id, old.at(time()))
    assert len(second_factor.replace(entry.session_id, new.at(time()))) == 10
    time.pass_by(minutes=1)
    with pytest.raises(WrongCode):
        enter(old.at(time()))
    assert [enter(new.at(time())), written("factor_replaced")] == [Step.INSIDE, [(number, None)]]


def test_new_recovery_codes_end_the_earlier_ones(app: Flask, time: Clock) -> None:
    number = user()
    with pytest.raises(NotFound):
        second_factor.renew_codes(number)
    _telephone, codes = set_up(time())
    fresh = second_factor.renew_codes(number)
    with pytest.raises(WrongCode):
        enter(codes[0])
    assert [enter(fresh[0]), set(codes) & set(fresh)] == [Step.INSIDE, set()]


def administrator(office: str | None) -> Actor:
    number = user(f"admin@{office or 'landet'}.example.org", office=office, role=UserRole.ADMINISTRATOR)
    found = rows.actor(number)
    assert found is not None
    return found


def test_an_administrator_resets_a_colleagues_factor_and_she_is_told_and_out(app: Flask, time: Clock) -> None:
    number = user()
    set_up(time())
    boss = administrator("nord")
    second_factor.reset(number, boss)
    (letter,) = db.session.scalars(select(OutboxEmail))
    assert [letter.occasion, letter.to_email, rows.factor(number)] == ["factor_reset", KARI, None]
    assert [rows.sessions(number, time()), written("factor_reset")] == [[], [(boss.user_id, None)]]
    assert log_in.with_password(KARI, PASSWORD, caller=HERE).step is Step.SET_UP


@pytest.mark.parametrize("office", ["sor", "own"])
def test_nobody_else_resets_it_and_nobody_her_own(app: Flask, office: str) -> None:
    number = user()
    with_app(number)
    ids = dict(db.session.execute(select(Office.slug, Office.id)).all())
    actor = (
        administrator("sor")
        if office == "sor"
        else Actor(user_id=number, name="Kari", roles=((ids["nord"], UserRole.ADMINISTRATOR),), national=None)
    )
    with pytest.raises(NotFound):
        second_factor.reset(number, actor)
    assert rows.factor(number) is not None


def test_showing_again_who_one_is_takes_password_and_code(app: Flask, time: Clock) -> None:
    number = user()
    telephone = with_app(number)
    entry = rows.entry(inside(number, confirmed_at=time()), time())
    assert entry is not None
    time.pass_by(hours=1)
    for password, code, refusal in (("feil passord her", telephone.at(time()), WrongLogIn), (PASSWORD, "", WrongCode)):
        with pytest.raises(refusal):
            log_in.confirm(entry.session_id, KARI, password, code, caller=HERE)
    log_in.confirm(entry.session_id, KARI, PASSWORD, telephone.at(time()), caller=HERE)
    assert db.session.scalars(select(UserSession.confirmed_at)).all() == [time()]


def test_one_user_cannot_confirm_the_log_in_of_another(app: Flask, time: Clock) -> None:
    entry = rows.entry(inside(user("ola@nord.example.org")), time())
    assert entry is not None
    telephone = with_app(user())
    with pytest.raises(LogInLapsed):
        log_in.confirm(entry.session_id, KARI, PASSWORD, telephone.at(time()), caller=HERE)


def test_two_at_once_cannot_use_one_code(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    code = telephone.at(time())
    jobs = [partial(log_in.with_code, half_way(), code, caller=HERE) for _ in range(4)]
    answers = at_once(app, jobs)
    assert [answer for answer in answers if answer is not WrongCode and isinstance(answer, type)] == []
    assert answers.count(WrongCode) == 3
    assert db.session.scalars(select(SecondFactor.last_step)).one() == int(time().timestamp()) // 30

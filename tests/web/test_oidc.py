"""Logging in by way of a municipality: the right way, and everything that may not get in."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc import jwk, jwt
from oidc_provider_mock import User as Person
from sqlalchemy import func, select

from courseapp import oidc, oidc_client
from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.logging_in import Claims, LogInMethod
from courseapp.models.account import User
from courseapp.models.logging_in import Identity, UserSession
from courseapp.services import identities, users
from courseapp.services.identities import NotConfirmed
from tests.conftest import Clock
from tests.oidc import BEGIN, ELSEWHERE, ENTRA, KARI, STRANGER, UNVERIFIED, Municipality, municipality
from tests.pages import Visitor, words
from tests.people import inside, organizer, user, written
from tests.smtp import free_port

LOG_IN, EVENTS, HOME, CONFIRM = "/kontor/logg-inn", "/kontor/arrangementer", "/kontor/", "/kontor/bekreft"
AWAY = "Innloggingen hos kommunen svarer ikke nå. Prøv igjen om litt."
BROKEN = "Innloggingen hos kommunen ble avbrutt eller gikk ut på tid. Prøv igjen."
SPENT = "Innloggingen hos kommunen er brukt. Begynn på nytt."
NOT_INVITED = "Kommunen kjenner deg, men du har ikke tilgang her. Be den som styrer brukerne på kontoret invitere deg."


@pytest.fixture
def oslo(app: Flask, time: Clock) -> Iterator[Municipality]:
    """A provider that runs, in its own time."""
    time.moment = datetime.now(UTC)
    with municipality(app) as running:
        yield running


def said(visitor: Visitor) -> str:
    return words(visitor.get(LOG_IN).one("div", class_="flashes"))


def is_in(visitor: Visitor) -> bool:
    return visitor.ask("GET", EVENTS).status_code == 200


def refused(visitor: Visitor, answer: object) -> str:
    """Nobody is in, and this is what was said."""
    assert [getattr(answer, "status_code", 0), is_in(visitor)] == [303, False]
    return said(visitor)


def test_the_button_leads_to_the_municipality_and_back_to_where_she_was_going(oslo: Municipality) -> None:
    number, visitor = user(), Visitor(oslo.app)
    page = visitor.get(f"{LOG_IN}?neste={EVENTS}")
    (button,) = [one for one in page.all("a") if words(one) == "Logg inn med Oslo kommune"]
    assert button.get("href") == f"{BEGIN}?neste={EVENTS}"
    address = oslo.asks(visitor, begin=f"{BEGIN}?neste={EVENTS}")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert [asked["code_challenge_method"], asked["response_type"], asked["redirect_uri"], "prompt" in asked] == [
        "S256",
        "code",
        "http://kurs.example.org/kontor/logg-inn/via/oslo/svar",
        False,
    ]
    answer = visitor.ask("GET", oslo.sends_back(address))
    assert [answer.headers["Location"], is_in(visitor)] == [EVENTS, True]
    row = db.session.scalars(select(UserSession)).one()
    assert [row.user_id, row.method, row.confirmed_at is None] == [number, LogInMethod.OIDC, False]
    assert [written(verb) for verb in ("identity_linked", "logged_in")] == [[(number, None)]] * 2


def test_the_second_time_she_is_known_by_who_she_is_there_whatever_her_address(oslo: Municipality) -> None:
    number = user()
    oslo.lets_in(Visitor(oslo.app))
    with transaction() as tx:
        tx.get_one(User, number).email = "nytt.navn@nord.example.org"
    user("kari@nord.example.org")
    visitor = Visitor(oslo.app)
    oslo.lets_in(visitor)
    assert set(db.session.scalars(select(UserSession.user_id))) == {number}


def test_entra_says_nothing_about_the_address_and_is_believed_about_its_own_domain(oslo: Municipality) -> None:
    user()
    visitor = Visitor(oslo.app)
    oslo.lets_in(visitor, ENTRA)
    assert is_in(visitor)


@pytest.mark.parametrize("who", [STRANGER, UNVERIFIED, ELSEWHERE], ids=lambda who: who.sub)
def test_whom_nobody_let_in_gets_a_sentence_and_no_account(oslo: Municipality, who: Person) -> None:
    user()
    user("ola@annet.example.org")
    visitor = Visitor(oslo.app)
    assert refused(visitor, oslo.lets_in(visitor, who)) == NOT_INVITED
    db.session.rollback()
    assert [db.session.scalar(select(func.count()).select_from(one)) for one in (User, Identity, UserSession)] == [
        2,
        0,
        0,
    ]


def test_an_address_that_got_a_new_owner_does_not_open_the_old_ones_account(oslo: Municipality) -> None:
    user()
    oslo.lets_in(Visitor(oslo.app), KARI)
    visitor = Visitor(oslo.app)
    assert refused(visitor, oslo.lets_in(visitor, ENTRA)) == NOT_INVITED


def test_who_is_shut_out_here_is_out_whatever_the_municipality_says(oslo: Municipality) -> None:
    number = user()
    known = Visitor(oslo.app)
    oslo.lets_in(known)
    boss = replace(organizer(), roles=(), national=UserRole.ADMINISTRATOR)
    users.close(number, actor=boss)
    assert is_in(known) is False
    visitor = Visitor(oslo.app)
    assert refused(visitor, oslo.lets_in(visitor)) == NOT_INVITED


def test_a_round_trip_comes_back_once(oslo: Municipality) -> None:
    user()
    visitor, thief = Visitor(oslo.app), Visitor(oslo.app)
    back = oslo.sends_back(oslo.asks(visitor))
    cookie = visitor.client.get_cookie("courseapp", domain="kurs.example.org")
    assert cookie is not None
    assert visitor.ask("GET", back).headers["Location"] == HOME
    thief.client.set_cookie("courseapp", cookie.value, domain="kurs.example.org")
    assert refused(thief, thief.ask("GET", back)) == SPENT
    visitor.post("/kontor/logg-ut", form_at=EVENTS)
    assert refused(visitor, visitor.ask("GET", back)) == BROKEN


def test_a_code_that_was_used_opens_nothing_in_another_round_trip(oslo: Municipality) -> None:
    user()
    first, second = Visitor(oslo.app), Visitor(oslo.app)
    back = oslo.sends_back(oslo.asks(first))
    code = re.search(r"code=([^&]+)", back)
    assert code is not None
    first.ask("GET", back)
    other = oslo.sends_back(oslo.asks(second))
    assert refused(second, second.ask("GET", re.sub(r"code=[^&]+", code.group(0), other))) == BROKEN


def test_another_browser_cannot_end_a_round_trip_nor_another_state(oslo: Municipality) -> None:
    user()
    visitor, stranger = Visitor(oslo.app), Visitor(oslo.app)
    back = oslo.sends_back(oslo.asks(visitor))
    assert refused(stranger, stranger.ask("GET", back)) == BROKEN
    oslo.asks(stranger)
    assert refused(stranger, stranger.ask("GET", back)) == BROKEN


@pytest.mark.parametrize(
    "query", ["", "state=x", "code=x", "error=access_denied", "code=x&state=\u00e6", "state=x&code=%00"]
)
def test_an_answer_that_makes_no_sense_is_refused(oslo: Municipality, query: str) -> None:
    visitor = Visitor(oslo.app)
    oslo.asks(visitor)
    assert refused(visitor, visitor.ask("GET", f"{BEGIN}/svar?{query}")) == BROKEN


def test_who_says_no_there_is_back_at_the_log_in(oslo: Municipality) -> None:
    visitor = Visitor(oslo.app)
    assert refused(visitor, visitor.ask("GET", oslo.sends_back(oslo.asks(visitor), action="deny"))) == BROKEN


def test_a_round_trip_that_takes_too_long_is_refused(oslo: Municipality, time: Clock) -> None:
    user()
    visitor = Visitor(oslo.app)
    back = oslo.sends_back(oslo.asks(visitor))
    time.pass_by(minutes=11)
    assert refused(visitor, visitor.ask("GET", back)) == BROKEN


def test_a_token_that_has_run_out_is_refused(oslo: Municipality, time: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    user()
    visitor = Visitor(oslo.app)
    time.moment += timedelta(hours=1, minutes=2)
    assert refused(visitor, oslo.lets_in(visitor)) == BROKEN


def test_another_answer_for_another_audience_or_nonce_is_refused(oslo: Municipality, time: Clock) -> None:
    """Tokens that are rightly signed by the provider's own key, but not what was asked for."""
    key = jwk.RSAKey.generate_key(2048)
    known = oidc_client.Client((oslo.provider,))
    _address, trip = known.begin(oslo.provider, back_to="http://x", now=time())
    kept = known._known[oslo.provider.issuer]
    known._known[oslo.provider.issuer] = replace(kept, keys=jwk.KeySet([key]))
    now = int(time().timestamp())
    right = {
        "iss": oslo.provider.issuer,
        "aud": "courseapp",
        "sub": "kari",
        "nonce": trip.nonce,
        "iat": now,
        "exp": now + 300,
        "email": "kari@nord.example.org",
    }
    header = {"alg": "RS256", "kid": key.thumbprint()}
    signed = jwt.encode(header, right, key)
    assert known._believed(oslo.provider, signed, trip, time()).subject == "kari"
    wrong: list[dict[str, Any]] = [
        {"iss": "https://ond.example.org"},
        {"aud": "somebody else"},
        {"aud": ["courseapp", "somebody else"], "azp": "somebody else"},
        {"nonce": "another"},
        {"exp": now - 61},
        {"sub": 7},
    ]
    for one in wrong:
        with pytest.raises(oidc.ProviderAnswerRefused):
            known._believed(oslo.provider, jwt.encode(header, {**right, **one}, key), trip, time())
    for missing in ("iss", "aud", "sub", "nonce", "iat", "exp"):
        less = {name: value for name, value in right.items() if name != missing}
        with pytest.raises(oidc.ProviderAnswerRefused):
            known._believed(oslo.provider, jwt.encode(header, less, key), trip, time())


def test_a_signature_of_somebody_else_or_none_at_all_is_refused(oslo: Municipality, time: Clock) -> None:
    known = oidc_client.Client((oslo.provider,))
    _address, trip = known.begin(oslo.provider, back_to="http://x", now=time())
    claims = {"iss": oslo.provider.issuer, "aud": "courseapp", "sub": "kari", "nonce": trip.nonce}
    secret = jwk.OctKey.import_key(oslo.provider.client_secret.ljust(32, "x"))
    forged = [
        jwt.encode({"alg": "RS256"}, claims, jwk.RSAKey.generate_key(2048)),
        jwt.encode({"alg": "HS256"}, claims, secret),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJrYXJpIn0.",
        "x.y.z",
        "",
    ]
    for token in forged:
        with pytest.raises(oidc.ProviderAnswerRefused):
            known._believed(oslo.provider, token, trip, time())


def test_a_provider_that_calls_itself_something_else_is_not_talked_to(oslo: Municipality) -> None:
    oslo.set_up(issuer=oslo.provider.issuer.replace("localhost", "127.0.0.1") + "/")
    visitor = Visitor(oslo.app)
    assert refused(visitor, visitor.ask("GET", BEGIN)) == AWAY


def test_a_provider_that_is_down_costs_a_sentence(oslo: Municipality) -> None:
    visitor = Visitor(oslo.app)
    oslo.set_up(issuer=f"http://localhost:{free_port()}")
    assert refused(visitor, visitor.ask("GET", BEGIN)) == AWAY


def test_a_provider_that_says_nothing_is_waited_for_only_so_long(
    oslo: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_client, "TIMEOUT_SECONDS", 0.2)
    visitor = Visitor(oslo.app)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        oslo.set_up(issuer=f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert refused(visitor, visitor.ask("GET", BEGIN)) == AWAY


def test_an_unknown_provider_is_not_there(oslo: Municipality) -> None:
    for path in (f"{LOG_IN}/via/bergen", f"{LOG_IN}/via/bergen/svar"):
        assert Visitor(oslo.app).get(path, expect=404).status == 404


def test_showing_again_who_one_is_goes_by_way_of_the_municipality(oslo: Municipality, time: Clock) -> None:
    user(role=UserRole.ADMINISTRATOR)
    visitor = Visitor(oslo.app)
    oslo.lets_in(visitor)
    with transaction() as tx:
        tx.scalars(select(UserSession)).one().confirmed_at = time() - timedelta(minutes=20)
    at = visitor.get("/kontor/brukere/ny", expect=303).headers["Location"]
    page = visitor.get(at)
    assert page.all("input", name="password") == []
    (button,) = [one.get("href", "") for one in page.all("a") if words(one) == "Bekreft med Oslo kommune"]
    address = oslo.asks(visitor, begin=button)
    assert ["prompt=login" in address, "max_age=0" in address] == [True, True]
    assert visitor.ask("GET", oslo.sends_back(address)).headers["Location"] == "/kontor/brukere/ny"
    assert visitor.get("/kontor/brukere/ny").status == 200


def test_an_old_log_in_there_or_another_person_confirms_nothing(
    oslo: Municipality, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user()
    visitor = Visitor(oslo.app)
    oslo.lets_in(visitor)
    begin = f"{BEGIN}?bekreft=1"
    answers = [oslo.lets_in(visitor, STRANGER, begin=begin)]
    an_hour_ago = int(time().timestamp()) - 3600
    monkeypatch.setattr("oidc_provider_mock._storage.AuthorizationCode.get_auth_time", lambda _code: an_hour_ago)
    answers.append(oslo.lets_in(visitor, begin=begin))
    assert [answer.headers["Location"] for answer in answers] == [CONFIRM] * 2
    session = db.session.scalars(select(UserSession.id)).one()
    no_time = Claims(
        issuer=oslo.provider.issuer, subject=KARI.sub, email="", email_verified=None, authenticated_at=None
    )
    with pytest.raises(NotConfirmed):
        identities.confirm(session, no_time, asked_at=time())
    assert "Kommunen bekreftet ikke på nytt at det er deg." in visitor.get(CONFIRM).text


def test_a_log_in_with_a_password_is_not_confirmed_by_a_municipality(oslo: Municipality) -> None:
    number, visitor = user(), Visitor(oslo.app)
    oslo.lets_in(Visitor(oslo.app))
    visitor.keep(log_in=inside(number))
    assert oslo.lets_in(visitor, begin=f"{BEGIN}?bekreft=1").headers["Location"] == CONFIRM
    nobody = Visitor(oslo.app)
    assert nobody.ask("GET", f"{BEGIN}?bekreft=1").headers["Location"] == LOG_IN

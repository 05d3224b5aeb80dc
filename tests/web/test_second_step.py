"""The second step of the log-in, and what a user looks after herself: the real way, page by page."""

import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.config import Settings
from courseapp.db import db
from courseapp.models.logging_in import UserSession
from courseapp.services import demo
from tests.conftest import Clock, settings_for
from tests.letters import all_letters
from tests.pages import Page, Visitor, words
from tests.people import PASSWORD, entered, inside, user, with_app

LOG_IN, CODE, SET_UP = "/kontor/logg-inn", "/kontor/logg-inn/kode", "/kontor/logg-inn/oppsett"
MINE, HOME, EVENTS = "/kontor/innlogginger", "/kontor/", "/kontor/arrangementer"
KARI = {"email": "kari@nord.example.org", "password": PASSWORD}
WRONG = "Koden stemmer ikke, eller er brukt før. Vent på neste kode i appen og prøv igjen."


def app_of(page: Page) -> pyotp.TOTP:
    """A telephone that was told the secret by hand."""
    assert page.one("img", class_="qr").get("src", "").startswith("data:image/svg+xml")
    return pyotp.TOTP(words(page.one("code", class_="secret")).replace(" ", ""))


def codes_on(page: Page) -> list[str]:
    return re.findall(r"<code>([A-Z2-7-]{19})</code>", page.body)


def log_in(visitor: Visitor, telephone: pyotp.TOTP, time: Clock) -> Page:
    visitor.post(LOG_IN, KARI)
    return visitor.post(CODE, {"code": telephone.at(time())})


def test_from_the_first_password_to_the_desk_and_in_again_with_a_code_from_paper(app: Flask, time: Clock) -> None:
    user()
    visitor = Visitor(app)
    assert visitor.post(f"{LOG_IN}?neste={EVENTS}", KARI).headers["Location"] == f"{SET_UP}?neste={EVENTS}"
    page = visitor.get(f"{SET_UP}?neste={EVENTS}")
    telephone = app_of(page)
    assert app_of(visitor.get(SET_UP)).secret == telephone.secret
    done = visitor.post(f"{SET_UP}?neste={EVENTS}", {"code": telephone.at(time())}, expect=200)
    codes = codes_on(done)
    assert [done.h1, len(codes), done.all("a", href=EVENTS) != []] == ["Ta vare på kodene", 10, True]
    assert visitor.get(EVENTS).h1 == "Arrangementer"
    visitor.post("/kontor/logg-ut", form_at=EVENTS)
    visitor.post(LOG_IN, KARI)
    assert visitor.post(CODE, {"code": codes[3]}).headers["Location"] == HOME
    assert "Du har 9 gjenopprettingskoder igjen." in visitor.get(MINE).text


@pytest.mark.parametrize("has_app", [True, False])
def test_nothing_of_the_desk_opens_between_the_two_steps(app: Flask, has_app: bool) -> None:
    number = user()
    if has_app:
        with_app(number)
    visitor = Visitor(app)
    step = visitor.post(LOG_IN, KARI).headers["Location"]
    assert step == (CODE if has_app else SET_UP)
    for path in (HOME, EVENTS, MINE, "/kontor/bekreft", "/kontor/totrinn/koder", "/kontor/kursholdere"):
        assert visitor.get(path, expect=303).headers["Location"].startswith(LOG_IN)
    assert "Logg ut" not in visitor.get(step).body
    other = SET_UP if has_app else CODE
    assert visitor.get(other, expect=303).headers["Location"] == step


def test_a_wrong_code_is_said_and_may_be_tried_again(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    visitor.post(LOG_IN, KARI)
    assert visitor.post(CODE, {"code": "000000"}, expect=422).errors == [WRONG]
    assert visitor.post(CODE, {"code": ""}, expect=422).errors == ["Skriv inn koden."]
    assert visitor.post(CODE, {"code": telephone.at(time())}).headers["Location"] == HOME


def test_a_wrong_first_code_keeps_the_picture(app: Flask, time: Clock) -> None:
    user()
    visitor = Visitor(app)
    visitor.post(LOG_IN, KARI)
    telephone = app_of(visitor.get(SET_UP))
    refused = visitor.post(SET_UP, {"code": "000000"}, expect=422)
    assert [refused.errors, app_of(refused).secret] == [[WRONG], telephone.secret]


def test_who_waits_too_long_between_the_steps_begins_anew(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    visitor.post(LOG_IN, KARI)
    time.pass_by(minutes=16)
    assert visitor.get(CODE, expect=303).headers["Location"] == LOG_IN
    assert visitor.ask("POST", CODE, data={"code": telephone.at(time())}).status_code == 303


def test_without_a_password_the_second_step_is_not_shown(app: Flask) -> None:
    user()
    for path in (CODE, SET_UP):
        assert Visitor(app).get(path, expect=303).headers["Location"] == LOG_IN


def test_only_the_demos_own_log_ins_and_only_in_the_demo_need_no_second_step(app: Flask, settings: Settings) -> None:
    known = demo.DEMO_LOG_INS[0]
    user(known.email)
    told = {"email": known.email, "password": PASSWORD}
    assert Visitor(app).post(LOG_IN, told).headers["Location"] == SET_UP
    app.extensions["courseapp.settings"] = settings_for(settings.database_url, settings.data_dir, COURSEAPP_DEMO="1")
    assert Visitor(app).post(LOG_IN, told).headers["Location"] == HOME
    user()
    assert Visitor(app).post(LOG_IN, KARI).headers["Location"] == SET_UP


def test_my_log_ins_are_listed_and_one_can_be_ended(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    phone, desk = Visitor(app), Visitor(app)
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"
    log_in(phone, telephone, time)
    time.pass_by(minutes=1)
    log_in(desk, telephone, time)
    page = desk.get(MINE)
    rows = [words(one) for one in page.all("tr") if one.get("data-session")]
    assert [row.split(" 11. januar")[0] for row in rows] == ["Ukjent nettleser Denne", "Safari, iPhone"]
    (other,) = [one.get("action", "") for one in page.all("form") if (one.get("action") or "").endswith("/avslutt")]
    desk.post(other, form_at=MINE)
    assert [phone.get(EVENTS, expect=303).status, desk.get(EVENTS).status] == [303, 200]


def test_all_others_end_with_one_button(app: Flask) -> None:
    number = user()
    visitors = [entered(app, number) for _ in range(3)]
    page = visitors[0].follow(visitors[0].post(f"{MINE}/avslutt-andre", form_at=MINE))
    assert "2 innlogginger er avsluttet." in page.text
    assert [one.ask("GET", EVENTS).status_code for one in visitors] == [200, 303, 303]


def test_nobody_ends_the_log_in_of_another(app: Flask) -> None:
    inside(user())
    (hers,) = db.session.scalars(select(UserSession.id))
    stranger = entered(app, user("ola@nord.example.org"))
    stranger.post(f"{MINE}/{hers}/avslutt", form_at=EVENTS, expect=404)
    assert db.session.get(UserSession, hers) is not None


def test_a_log_in_from_a_new_browser_is_told_by_mail_and_one_from_a_known_one_is_not(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    for _ in range(2):
        log_in(visitor, telephone, time)
        visitor.post("/kontor/logg-ut", form_at=EVENTS)
        time.pass_by(minutes=1)
    assert all_letters() == []
    log_in(Visitor(app), telephone, time)
    (letter,) = all_letters()
    assert [letter.occasion, letter.to_email] == ["new_device", "kari@nord.example.org"]


def test_two_who_share_a_browser_are_both_known_in_it(app: Flask, time: Clock) -> None:
    telephones = {name: with_app(user(f"{name}@nord.example.org")) for name in ("kari", "ola")}
    visitor = Visitor(app)
    for _ in range(2):
        for name, telephone in telephones.items():
            visitor.post(LOG_IN, {"email": f"{name}@nord.example.org", "password": PASSWORD})
            visitor.post(CODE, {"code": telephone.at(time())})
            visitor.post("/kontor/logg-ut", form_at=EVENTS)
        time.pass_by(minutes=1)
    assert all_letters() == []


def test_new_recovery_codes_are_shown_once(app: Flask) -> None:
    number = user()
    with_app(number)
    visitor = entered(app, number)
    shown = visitor.post("/kontor/totrinn/koder", expect=200)
    assert [len(codes_on(shown)), codes_on(visitor.get("/kontor/totrinn/koder"))] == [10, []]


def test_another_telephone_takes_over_with_its_first_code(app: Flask, time: Clock) -> None:
    number = user()
    with_app(number)
    visitor = entered(app, number)
    assert visitor.get("/kontor/totrinn/app", expect=303).headers["Location"] == MINE
    at = visitor.post("/kontor/totrinn/ny-app", form_at=MINE).headers["Location"]
    telephone = app_of(visitor.get(at))
    assert visitor.post(at, {"code": "000000"}, expect=422).errors == [WRONG]
    done = visitor.post(at, {"code": telephone.at(time())}, expect=200)
    assert [done.h1, len(codes_on(done))] == ["Ta vare på kodene", 10]
    time.pass_by(seconds=30)
    assert log_in(Visitor(app), telephone, time).headers["Location"] == HOME


def test_the_log_out_button_on_the_page_of_codes_works(app: Flask, time: Clock) -> None:
    user()
    visitor = Visitor(app)
    visitor.post(LOG_IN, KARI)
    done = visitor.post(SET_UP, {"code": app_of(visitor.get(SET_UP)).at(time())}, expect=200)
    token = done.one("input", name="csrf_token").get("value")
    visitor.ask("POST", "/kontor/logg-ut", data={"csrf_token": token})
    assert visitor.get(EVENTS, expect=303).status == 303


def test_a_cookie_from_before_the_log_in_is_another_one_after_it(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    visitor.post(LOG_IN, KARI)
    half = visitor.client.get_cookie("courseapp", domain="kurs.example.org")
    visitor.post(CODE, {"code": telephone.at(time())})
    assert half is not None
    thief = Visitor(app)
    thief.client.set_cookie("courseapp", half.value, domain="kurs.example.org")
    assert thief.get(EVENTS, expect=303).status == 303


def test_the_browsers_mark_opens_nothing_and_scripts_cannot_read_it(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    log_in(visitor, telephone, time)
    mark = visitor.client.get_cookie("courseapp-device", domain="kurs.example.org")
    assert mark is not None
    assert [mark.http_only, mark.same_site, mark.max_age] == [True, "Lax", 365 * 24 * 3600]
    thief = Visitor(app)
    thief.client.set_cookie("courseapp-device", mark.value, domain="kurs.example.org")
    assert thief.get(EVENTS, expect=303).status == 303

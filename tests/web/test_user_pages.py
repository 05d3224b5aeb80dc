"""The users' page, the links that arrive by mail, and showing again who one is."""

import re

import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.services import account_links
from tests.conftest import Clock
from tests.letters import all_letters
from tests.making import make_event
from tests.pages import Page, Visitor, words
from tests.people import PASSWORD, entered, inside, join, logged_in, user, with_app

USERS, NEW, HOME = "/kontor/brukere", "/kontor/brukere/ny", "/kontor/"
LOG_IN, CONFIRM = "/kontor/logg-inn", "/kontor/bekreft"
INVITED = {"name": "Ny Nilsen", "email": "ny@nord.example.org", "office": "nord", "role": "organizer"}
CHOSEN = "et helt nytt og langt passord"


def administrator(app: Flask, office: str | None = "nord") -> Visitor:
    return logged_in(app, office=office, role=UserRole.ADMINISTRATOR)


def link() -> str:
    found = re.search(r"http://kurs\.example\.org(/kontor/passord/[\w-]+)", all_letters()[-1].text)
    assert found is not None
    return found.group(1)


def listed(page: Page) -> list[str]:
    return [words(one) for one in page.all("tr") if one.get("data-user")]


def test_a_colleague_is_invited_chooses_a_password_and_sets_up_her_app(app: Flask) -> None:
    boss, colleague = administrator(app), Visitor(app)
    at = boss.post(NEW, INVITED).headers["Location"]
    assert "Invitert" in boss.get(at).text
    assert colleague.get(link()).h1 == "Velg passord"
    assert colleague.post(link(), {"password": CHOSEN}).headers["Location"] == LOG_IN
    told = {"email": "ny@nord.example.org", "password": CHOSEN}
    assert colleague.post(LOG_IN, told).headers["Location"] == "/kontor/logg-inn/oppsett"
    assert [colleague.get(link(), expect=404).h1, "I bruk" in boss.get(at).text] == ["Lenken virker ikke lenger", True]


def test_a_mail_scanner_uses_no_link_up(app: Flask) -> None:
    administrator(app).post(NEW, INVITED)
    for method in ("GET", "HEAD", "GET"):
        assert Visitor(app).ask(method, link()).status_code == 200
    assert Visitor(app).post(link(), {"password": CHOSEN}).status == 303


def test_a_weak_password_is_refused_with_the_reason_and_without_a_token_nothing_is_done(app: Flask) -> None:
    administrator(app).post(NEW, INVITED)
    refused = Visitor(app).post(link(), {"password": "for kort"}, expect=422)
    assert [refused.errors, refused.value("password")] == [["Passordet må ha minst 12 tegn."], ""]
    assert Visitor(app).ask("POST", link(), data={"password": CHOSEN}).status_code == 422
    assert Visitor(app).post(link(), {"password": CHOSEN}).status == 303


def test_a_forgotten_password_gets_the_same_answer_known_or_not(app: Flask) -> None:
    user()
    answers = [
        Visitor(app).post("/kontor/glemt-passord", {"email": email}, expect=200)
        for email in ("kari@nord.example.org", "x@x.no")
    ]
    assert [answers[0].text == answers[1].text, answers[0].h1] == [True, "Se i e-posten din"]
    assert [account_links.send_asked(), Visitor(app).get(link()).h1] == [1, "Velg passord"]
    assert Visitor(app).post("/kontor/glemt-passord", {"email": ""}, expect=422).errors == [
        "Skriv inn e-postadressen din."
    ]


def test_who_asks_too_often_is_told_to_wait(app: Flask) -> None:
    visitor = Visitor(app)
    for _ in range(account_links.MOST_ASKED_FROM):
        visitor.post("/kontor/glemt-passord", {"email": "x@x.no"}, expect=200)
    assert visitor.post("/kontor/glemt-passord", {"email": "x@x.no"}, expect=429).status == 429


@pytest.mark.parametrize(("office", "role"), [("nord", "organizer"), ("nord", "reader"), (None, "reader")])
def test_the_pages_are_for_administrators(app: Flask, office: str | None, role: str) -> None:
    visitor, number = logged_in(app, office=office, role=UserRole(role)), user()
    for path in (USERS, NEW, f"{USERS}/{number}", f"{USERS}/{number}/rolle/nord"):
        assert visitor.get(path, expect=404).status == 404
    assert USERS not in visitor.get(HOME).body


def test_the_list_says_role_second_step_and_last_log_in(app: Flask) -> None:
    boss = administrator(app)
    with_app(user())
    page = boss.get(USERS)
    assert listed(page) == [
        "Kari Nordmann administrator@nord.example.org Administrator, Nord Aldri Ikke ennå I bruk",
        "Kari Nordmann kari@nord.example.org Arrangør, Nord Aldri Satt opp I bruk",
    ]
    assert page.all("a", href=USERS) != []


def test_an_invitation_that_lacks_something_is_refused(app: Flask) -> None:
    boss = administrator(app)
    refused = boss.post(NEW, {**INVITED, "name": "", "office": "sor"}, expect=422)
    assert refused.errors == ["Skriv inn navnet.", "Velg fra listen under «Kontor»."]
    boss.post(NEW, INVITED)
    again = boss.post(NEW, INVITED, expect=422)
    assert again.errors == ["Brukeren er her allerede. Endre rollen på siden til brukeren."]


def test_a_colleague_is_looked_after_from_her_page(app: Flask) -> None:
    boss, number = administrator(app), user()
    with_app(number)
    hers = entered(app, number)
    at = f"{USERS}/{number}"
    assert boss.post(f"{at}/rolle/nord", {"role": "reader"}).headers["Location"] == at
    assert "Leser" in boss.get(at).text
    said = []
    for act in ("totrinn/nullstill", "logg-ut", "steng", "slipp-inn"):
        page = boss.follow(boss.post(f"{at}/{act}", form_at=at))
        said.append(words(page.one("div", class_="flashes")))
    assert said == [
        "Totrinnsinnloggingen er nullstilt. Brukeren får beskjed på e-post.",
        "Brukeren er logget ut overalt.",
        "Brukeren er stengt ute.",
        "Brukeren kan logge inn igjen.",
    ]
    assert hers.get(HOME, expect=303).status == 303
    assert boss.post(f"{at}/rolle/nord/fjern", form_at=f"{at}/rolle/nord").headers["Location"] == USERS
    assert boss.get(at, expect=404).status == 404


def test_what_is_refused_is_said_on_her_page(app: Flask) -> None:
    boss = administrator(app, None)
    number = user("to@landet.example.org", office=None, role=UserRole.ADMINISTRATOR)
    (me,) = [one.get("data-user") for one in boss.get(USERS).all("tr") if "administrator@landet" in words(one)]
    page = boss.follow(boss.post(f"{USERS}/{me}/steng", form_at=f"{USERS}/{number}"))
    assert "Du kan ikke endre din egen tilgang." in page.text
    for office in ("sor", "landet2", "%00"):
        boss.post(f"{USERS}/{number}/rolle/{office}/fjern", form_at=f"{USERS}/{number}", expect=404)


def test_whoever_has_been_inside_for_a_while_shows_again_who_she_is_and_comes_back(app: Flask, time: Clock) -> None:
    number = user(role=UserRole.ADMINISTRATOR)
    telephone = with_app(number)
    visitor = Visitor(app)
    visitor.keep(log_in=inside(number, confirmed_at=time()))
    time.pass_by(minutes=15)
    assert visitor.get(NEW).status == 200
    time.pass_by(minutes=1)
    assert visitor.get(USERS).status == 200
    at = visitor.get(NEW, expect=303).headers["Location"]
    assert at == f"{CONFIRM}?neste={NEW}"
    wrong = visitor.post(at, {"password": "feil", "code": telephone.at(time())}, expect=422)
    assert wrong.errors == ["E-postadressen eller passordet stemmer ikke."]
    assert visitor.post(at, {"password": PASSWORD, "code": "000000"}, expect=422).errors != []
    assert visitor.post(at, {"password": PASSWORD, "code": telephone.at(time())}).headers["Location"] == NEW
    assert visitor.get(NEW).status == 200


def test_a_button_pressed_too_late_does_nothing_and_leads_back_to_its_page(app: Flask, time: Clock) -> None:
    number, other = user(role=UserRole.ADMINISTRATOR), user("ola@nord.example.org")
    visitor, at = Visitor(app), f"{USERS}/{other}"
    visitor.keep(log_in=inside(number, confirmed_at=time()))
    token = visitor.token(at)
    time.pass_by(minutes=16)
    for referrer, back in (
        (f"http://kurs.example.org{at}", f"{CONFIRM}?neste={at}"),
        ("http://ond.example.org/x", CONFIRM),
    ):
        answer = visitor.ask("POST", f"{at}/steng", data={"csrf_token": token}, headers={"Referer": referrer})
        assert [answer.status_code, answer.headers["Location"]] == [303, back]
    assert "I bruk" in visitor.get(at).text


@pytest.mark.parametrize("rest", ["deltakere.xlsx", "deltakere.csv?gruppe=alis", "deltakere/eksport"])
def test_taking_participants_along_wants_it_shown_again(app: Flask, time: Clock, rest: str) -> None:
    event = make_event()
    join(event, 1)
    visitor = Visitor(app)
    visitor.keep(log_in=inside(user(), confirmed_at=time()))
    path = f"/kontor/arrangementer/{event.slug}/{rest}"
    assert visitor.ask("GET", path).status_code == 200
    time.pass_by(minutes=16)
    answer = visitor.ask("GET", path)
    assert [answer.status_code, answer.headers["Location"].split("?")[0]] == [303, CONFIRM]
    assert visitor.ask("GET", f"/kontor/arrangementer/{event.slug}/deltakere").status_code == 200

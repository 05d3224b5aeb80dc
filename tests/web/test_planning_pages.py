"""A new event from its kind or from an earlier one, its own page at the desk, and how participants will see it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus, FillMode
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.when import OSLO
from tests.making import make_event
from tests.pages import Page, Visitor, words
from tests.people import join, logged_in, share

NEW, EVENTS = "/kontor/nytt/veilederkurs", "/kontor/arrangementer"
DAYS = {"n1_date": "2027-03-18", "n1_place": "Bodø", "n2_date": "15.04.2027", "n2_place": "Bodø"}


def typed(visitor: Visitor, **more: Any) -> dict[str, Any]:
    """The form of a new course with its days and what else is given."""
    return {**visitor.get(NEW).fields, **DAYS, **more}


def only_event() -> Event:
    db.session.rollback()
    return db.session.scalars(select(Event).execution_options(populate_existing=True)).one()


def pair() -> str:
    """A pair of Nord's, by its number."""
    with transaction() as tx:
        office = tx.scalars(select(Office.id).where(Office.slug == "nord")).one()
        two = [CourseLeader(office_id=office, name=name, email=f"{name}@example.org") for name in ("Ane", "Bo")]
        tx.add_all(two)
        tx.flush()
        made = LeaderPair(office_id=office, first_id=two[0].id, second_id=two[1].id)
        tx.add(made)
        tx.flush()
        return str(made.id)


def test_two_days_and_a_place_make_a_published_course(app: Flask) -> None:
    visitor, number = logged_in(app), pair()
    answer = visitor.post(NEW, typed(visitor, pair=number, then="publish"))
    page, event = visitor.follow(answer), only_event()
    assert answer.headers["Location"] == f"{EVENTS}/{event.slug}"
    assert (page.h1, "Arrangementet er publisert." in page.text) == (event.title, True)
    assert (event.status, event.capacity, [one.minutes for one in event.approvals]) == (
        EventStatus.PUBLISHED,
        30,
        [1080, 1080],
    )
    local = [(one.starts_at.astimezone(OSLO), one.ends_at.astimezone(OSLO), one.minutes) for one in event.sessions]
    assert [(f"{a:%d.%m %H:%M}", f"{b:%H:%M}", minutes) for a, b, minutes in local] == [
        ("18.03 08:30", "17:30", 540),
        ("15.04 08:30", "17:30", 540),
    ]
    assert event.closes_at is not None
    assert f"{event.closes_at.astimezone(OSLO):%d.%m.%Y %H:%M}" == "25.02.2027 23:59"
    assert [one.leader.name for one in event.leaders] == ["Ane", "Bo"]
    assert visitor.get(f"/arrangementer/{event.slug}").h1 == event.title


def test_seventeen_and_a_half_hours_is_a_sentence_and_nothing_is_lost(app: Flask) -> None:
    visitor = logged_in(app)
    page = visitor.post(NEW, typed(visitor, n1_hours="8,5", title="Vårt kurs", then="publish"), expect=422)
    assert page.errors == ["Samlingene i et veilederkurs må til sammen gi nøyaktig 18 timer."]
    assert [page.value(name) for name in ("title", "n1_hours", "n2_place")] == ["Vårt kurs", "8,5", "Bodø"]
    assert db.session.scalars(select(Event)).all() == []


def test_a_draft_may_lack_its_days_and_says_what_is_missing(app: Flask) -> None:
    visitor = logged_in(app)
    answer = visitor.post(NEW, {**visitor.get(NEW).fields, "then": "draft"})
    page = visitor.follow(answer)
    missing = [words(one) for one in page.all("li", class_="checks__stop")]
    assert missing == [
        "Arrangementet må ha minst én samling før det kan publiseres.",
        "Samlingene i et veilederkurs må til sammen gi nøyaktig 18 timer.",
    ]
    assert [words(one) for one in page.all("button", value="publish")] == []
    assert only_event().status is EventStatus.DRAFT


def test_one_more_session_is_a_button_that_keeps_everything(app: Flask) -> None:
    visitor = logged_in(app)
    page = visitor.post(NEW, typed(visitor, title="", more="1"), expect=200)
    assert [page.value(f"n{number}_start") for number in (1, 2, 3)] == ["08:30"] * 3
    assert (page.value("n2_date"), page.value("count"), page.errors) == ("15.04.2027", "3", [])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Skriv en tittel."),
        ({"n2_date": "2027-03-18"}, "Hver samling må slutte etter at den begynner, og før den neste begynner."),
        ({"n1_end": "08:00"}, "Samlingen slutter før den begynner. Slutten må være etter 08.30."),
        ({"capacity": "mange"}, "Antall plasser må være et tall fra 1 til 10 000, eller stå tomt."),
        ({"a1_hours": ""}, "En godkjenning må ha både tekst og timer."),
        ({"closes": "2027-03-30"}, "Påmeldingen må åpne før den stenger, og stenge før arrangementet begynner."),
        ({"pair": "12345"}, "Velg fra listen under «Kursholderpar»."),
        ({"partners": ["nord"]}, "Velg blant alternativene under «Medarrangører»."),
    ],
)
def test_what_cannot_be_is_a_sentence(app: Flask, wrong: dict[str, Any], sentence: str) -> None:
    visitor = logged_in(app)
    assert visitor.post(NEW, typed(visitor, **wrong, then="publish"), expect=422).errors == [sentence]


def test_a_copy_moves_every_day_and_takes_the_rules_for_seats_along(app: Flask) -> None:
    event = make_event(slug="kurs", fill_mode=FillMode.OFFER, offer_hours=24, description="Om kurset")
    visitor = logged_in(app)
    page = visitor.get(f"{EVENTS}/kurs/kopier?dato=2027-09-20")
    assert [page.value(name) for name in ("n1_date", "n1_start", "n2_date", "n2_start", "closes")] == [
        "2027-09-20",
        "09:00",
        "2027-10-21",
        "09:00",
        "2027-09-13",
    ]
    answer = visitor.post(NEW, {**page.fields, "then": "publish"}, form_at=f"{EVENTS}/kurs/kopier")
    db.session.rollback()
    copy = db.session.scalars(select(Event).where(Event.slug != event.slug)).one()
    assert answer.headers["Location"] == f"{EVENTS}/{copy.slug}"
    assert (copy.fill_mode, copy.offer_hours, copy.description) == (FillMode.OFFER, 24, "Om kurset")


def test_a_strangers_event_gives_no_rules_and_no_copy(app: Flask) -> None:
    make_event(office="sor", slug="deres", offer_hours=24)
    visitor = logged_in(app)
    visitor.get(f"{EVENTS}/deres/kopier", expect=404)
    visitor.post(NEW, typed(visitor, like="deres"))
    db.session.rollback()
    assert db.session.scalars(select(Event.offer_hours).where(Event.slug != "deres")).all() == [48]


@pytest.mark.parametrize("path", ["/kontor/nytt", NEW, f"{EVENTS}/kurs/kopier", f"{EVENTS}/kurs/slett"])
def test_readers_make_nothing(app: Flask, path: str) -> None:
    make_event(slug="kurs")
    logged_in(app, role=UserRole.READER).get(path, expect=404)


def test_a_kind_without_sign_up_has_no_such_form(app: Flask) -> None:
    logged_in(app).get("/kontor/nytt/stand", expect=404)


def test_the_events_own_page_does_what_its_buttons_say(app: Flask) -> None:
    make_event(slug="kurs", status=EventStatus.DRAFT)
    visitor, seen = logged_in(app), []
    for act in ("publish", "close", "reopen"):
        page = visitor.follow(visitor.post(f"{EVENTS}/kurs", {"act": act}))
        seen.append((words(page.all("div", class_="flashes")[0]), only_event().status))
    assert seen == [
        ("Arrangementet er publisert. Nå kan folk melde seg på.", EventStatus.PUBLISHED),
        ("Påmeldingen er stengt.", EventStatus.CLOSED),
        ("Påmeldingen er åpen igjen.", EventStatus.PUBLISHED),
    ]
    late = visitor.follow(visitor.post(f"{EVENTS}/kurs", {"act": "publish"}))
    assert "Det går ikke nå." in late.text
    assert visitor.post(f"{EVENTS}/kurs", {"act": "fly"}, expect=400).status == 400


def test_a_partner_sees_who_publishes(app: Flask) -> None:
    share(make_event(slug="kurs", status=EventStatus.DRAFT), "sor")
    page = logged_in(app, office="sor").get(f"{EVENTS}/kurs")
    assert "ALIS og SamLIS rådgivingskontor Nord er ansvarlig og publiserer." in page.text
    assert page.all("button", value="publish") == []


def test_a_draft_is_deleted_after_a_question(app: Flask) -> None:
    make_event(slug="kurs", status=EventStatus.DRAFT)
    visitor = logged_in(app)
    assert "kan ikke hentes tilbake" in visitor.get(f"{EVENTS}/kurs/slett").text
    page = visitor.follow(visitor.post(f"{EVENTS}/kurs/slett"))
    assert ("Utkastet er slettet." in page.text, db.session.scalars(select(Event)).all()) == (True, [])


def test_the_second_of_two_editors_sees_what_the_first_did_and_keeps_her_text(app: Flask) -> None:
    make_event(slug="kurs")
    visitor, edit = logged_in(app), f"{EVENTS}/kurs/endre"
    first, second = visitor.get(edit).fields, visitor.get(edit).fields
    visitor.post(edit, {**first, "title": "Det første"})
    page = visitor.post(edit, {**second, "target_group": "Fastleger"}, expect=422)
    (sentence,) = page.errors
    assert sentence.startswith("Kari Nordmann lagret endringer mens du skrev. Tittel er nå «Det første».")
    assert (page.value("target_group"), only_event().title) == ("Fastleger", "Det første")
    visitor.post(edit, page.fields)
    assert only_event().target_group == "Fastleger"


def test_what_was_changed_is_told_field_by_field(app: Flask) -> None:
    make_event(slug="kurs")
    visitor, edit = logged_in(app), f"{EVENTS}/kurs/endre"
    visitor.post(edit, {**visitor.get(edit).fields, "closes": "2027-03-01", "partners": ["sor"], "a1_hours": "9"})
    (fields,) = visitor.get(f"{EVENTS}/kurs").all("ul", class_="fields")
    closes, approvals, partners = [words(one) for one in fields]
    assert (closes, partners) == (
        "Påmeldingsfrist: 15. mars 2027 kl. 09.00 1. mars 2027 kl. 23.59",
        "Medarrangører: Sør",
    )
    assert "9 timer i spesialistutdanningen i samfunnsmedisin;" in approvals.split("allmennmedisin", 1)[1]


def test_a_deadline_whose_day_stays_keeps_its_minute(app: Flask) -> None:
    before = make_event(slug="kurs").closes_at
    visitor, edit = logged_in(app), f"{EVENTS}/kurs/endre"
    visitor.post(edit, {**visitor.get(edit).fields, "title": "Nytt"})
    assert only_event().closes_at == before


def letters_of(page: Page) -> list[str]:
    return [words(one) for one in page.all("ul", class_="letter-list")[0].iter() if one.tag.endswith("}a")]


def test_a_preview_shows_the_page_and_the_letters_before_anybody_sees_them(app: Flask) -> None:
    event = make_event(slug="kurs", status=EventStatus.DRAFT, fill_mode=FillMode.OFFER)
    visitor = logged_in(app)
    page = visitor.get(f"{EVENTS}/kurs/forhandsvis")
    assert letters_of(page) == [
        "Bekreftelse på plass",
        "Beskjed om venteliste",
        "Tilbud om plass",
        "Plass fra ventelisten",
        "Påminnelse før første samling",
        "Bekreftelse på avmelding",
    ]
    assert ("Meld deg på" in page.text, event.title in page.text) == (True, True)
    assert [one for one in page.all("a") if "pamelding" in (one.get("href") or "")] == []
    for occasion in ("confirmation", "waiting", "offer", "seat_given", "reminder", "cancelled"):
        letter = visitor.get(f"{EVENTS}/kurs/forhandsvis/{occasion}")
        assert "Kari" in letter.text
        html = visitor.ask("GET", f"{EVENTS}/kurs/forhandsvis/{occasion}.html")
        assert ("Kari" in html.text, "script" in html.headers["Content-Security-Policy"]) == (True, False)
    visitor.get(f"{EVENTS}/kurs/forhandsvis/applied", expect=404)
    visitor.get("/arrangementer/kurs", expect=404)


def test_a_member_of_another_office_sees_neither_page(app: Flask) -> None:
    join(make_event(slug="kurs"), 1)
    visitor = logged_in(app, office="oslo")
    for rest in ("", "/forhandsvis", "/forhandsvis/confirmation", "/slett"):
        visitor.get(f"{EVENTS}/kurs{rest}", expect=404)


def test_who_read_the_lists_stands_on_the_events_page(app: Flask) -> None:
    make_event(slug="kurs")
    visitor = logged_in(app)
    visitor.get(f"{EVENTS}/kurs/deltakere")
    visitor.ask("GET", f"{EVENTS}/kurs/deltakere.xlsx")
    (more,) = visitor.get(f"{EVENTS}/kurs").all("details")
    told = words(more)
    assert ["Lastet ned deltakerlisten" in told, "Åpnet deltakerlisten" in told, "Kari Nordmann" in told] == [True] * 3

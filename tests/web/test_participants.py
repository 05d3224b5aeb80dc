"""The participant table, one participant, and the files made of them."""

import io

import openpyxl
import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event
from courseapp.models.journal import MailState
from courseapp.models.registration import DietaryNeed, RegistrationRole
from tests.conftest import NOW
from tests.making import make_event
from tests.pages import XHTML, Page, Visitor, words
from tests.people import join, letter_to, logged_in, registered, save, share, written

TABLE = "/kontor/arrangementer/kurs/deltakere"
FILES = (f"{TABLE}.xlsx", f"{TABLE}.csv")


@pytest.fixture
def event(app: Flask) -> Event:
    """A course at Nord."""
    return make_event(slug="kurs")


def ids(page: Page, **tbody: str) -> list[int]:
    """Registrations in the parts of the page with those marks."""
    rows = (row for part in page.all("tbody", **tbody) for row in part.iter(XHTML + "tr"))
    return [int(row.get("data-registration") or 0) for row in rows if row.get("data-registration")]


def test_people_stand_under_their_role_with_counts_and_a_total(app: Flask, event: Event) -> None:
    alis = join(event, 3)
    specialists = join(event, 2, first=10, primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    page = logged_in(app).get(TABLE)
    groups = [part for part in page.all("tbody") if part.get("data-role")]
    heads = [words(next(part.iter(XHTML + "tr"))) for part in groups]
    assert heads == ["Spesialist i allmennmedisin 2", "ALIS (allmennlege i spesialisering) 3"]
    assert ids(page, data_role="specialist_general_practice") == specialists
    assert ids(page, data_role="alis") == alis
    assert words(page.one("tfoot")) == "I alt 5 deltakere"


def test_a_row_tells_where_she_works_how_to_reach_her_and_how_the_mail_went(app: Flask, event: Event) -> None:
    (number,) = save(registered(event, mobile="+4722345678", district="Bydel Alna", note="Kommer sent"))
    letter_to(number, MailState.FAILED)
    row = words(logged_in(app).get(TABLE).one("tr", data_registration=str(number)))
    assert row == (
        "Ødegård 0001, Kåre Havna legekontor Bodø, Bydel Alna kare1@lege.example.org 22 34 56 78 11.01.2027 "
        "Feilet Les merknaden fra Kåre Ødegård 0001"
    )


@pytest.mark.parametrize(
    ("states", "word"),
    [
        ([MailState.SENT], "Sendt"),
        ([MailState.SENT, MailState.QUEUED], "I kø"),
        ([MailState.QUEUED, MailState.SENDING], "Sendes"),
        ([MailState.SENT, MailState.FAILED, MailState.SENDING], "Feilet"),
        ([MailState.SUPERSEDED], "Ingen"),
        ([], "Ingen"),
    ],
)
def test_the_worst_state_of_her_letters_is_the_word(
    app: Flask, event: Event, states: list[MailState], word: str
) -> None:
    (number,) = join(event, 1)
    for state in states:
        letter_to(number, state)
    cells = list(logged_in(app).get(TABLE).one("tr", data_registration=str(number)).iter(XHTML + "td"))
    assert [words(cell) for cell in cells if cell.get("data-label") == "E-post"] == [word]


def test_other_roles_stand_in_the_row_and_offers_are_marked(app: Flask, event: Event) -> None:
    row = registered(event, status=Status.OFFERED)
    row.other_roles = [RegistrationRole(role=Role.LIS1, position=0)]
    (number,) = save(row)
    page = logged_in(app).get(TABLE)
    text = words(page.one("tr", data_registration=str(number)))
    assert ["LIS1" in text, "Har tilbud om plass" in text] == [True, True]
    assert "1 av dem har ikke svart på tilbudet" in page.text


def test_the_line_stands_by_itself_in_order_with_places(app: Flask, event: Event) -> None:
    last, first = save(
        registered(event, 1, status=Status.WAITLISTED, line_no=9),
        registered(event, 2, status=Status.WAITLISTED, line_no=4),
    )
    page = logged_in(app).get(TABLE)
    assert ids(page, data_list="waiting") == [first, last]
    places = [words(next(page.one("tr", data_registration=str(one)).iter(XHTML + "td"))) for one in (first, last)]
    assert places == ["1", "2"]
    assert page.all("tfoot") == []


def test_those_who_left_stand_in_a_list_that_is_closed_at_first(app: Flask, event: Event) -> None:
    left = join(event, 2, status=Status.CANCELLED)
    page = logged_in(app).get(TABLE)
    assert ids(page, data_list="gone") == left
    details = page.one("details")
    assert [details.get("open"), words(next(details.iter(XHTML + "summary")))] == [None, "Avmeldt eller takket nei (2)"]


def test_an_event_nobody_has_joined_says_what_will_be_here(app: Flask, event: Event) -> None:
    page = logged_in(app).get(TABLE)
    assert [words(heading) for heading in page.all("h3")] == ["Ingen har plass ennå"]
    assert page.all("a", href=FILES[0]) == []


def test_a_draft_without_dates_has_a_table_too(app: Flask) -> None:
    make_event(slug="kurs", status=EventStatus.DRAFT)
    assert "Utkast" in logged_in(app).get(TABLE).text


def test_overbooked_seats_are_told_as_they_are(app: Flask) -> None:
    join(make_event(slug="kurs", capacity=2), 3)
    assert "3 av 2 plasser tatt" in logged_in(app).get(TABLE).text


def test_nobody_outside_may_know_that_the_event_is_there(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    for visitor in (logged_in(app, office="vest"), logged_in(app, office=None, role=UserRole.READER)):
        answers = [visitor.ask("GET", path).status_code for path in (TABLE, f"{TABLE}/{number}", *FILES)]
        assert answers == [404] * 4
        there, absent = (
            visitor.get(TABLE, expect=404),
            visitor.get("/kontor/arrangementer/finnes-ikke/deltakere", expect=404),
        )
        assert there.text == absent.text
    assert written("participants_read") == written("participant_read") == written("participants_exported") == []


@pytest.mark.parametrize(
    ("office", "role"),
    [
        ("nord", UserRole.READER),
        ("nord", UserRole.ADMINISTRATOR),
        ("vest", UserRole.ORGANIZER),
        (None, UserRole.ADMINISTRATOR),
    ],
)
def test_members_of_either_office_may_see(app: Flask, event: Event, office: str | None, role: UserRole) -> None:
    share(event, "vest")
    (number,) = join(event, 1)
    visitor = logged_in(app, office=office, role=role)
    assert [visitor.get(path).status for path in (TABLE, f"{TABLE}/{number}")] == [200, 200]


def test_those_who_are_not_logged_in_come_back_to_the_table(app: Flask, event: Event) -> None:
    for path in (TABLE, f"{TABLE}/1", *FILES):
        answer = Visitor(app).ask("GET", path)
        assert [answer.status_code, answer.headers["Location"]] == [303, f"/kontor/logg-inn?neste={path}"]


def test_every_reading_is_written_down(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    visitor = logged_in(app)
    for path in (TABLE, f"{TABLE}/{number}", *FILES):
        assert visitor.ask("GET", path).status_code == 200
    assert [len(written(verb)) for verb in ("participants_read", "participant_read", "participants_exported")] == [
        1,
        1,
        2,
    ]
    assert {event_id for _user, event_id in written("participants_exported")} == {event.id}
    assert "Kari Nordmann" in visitor.get(f"{TABLE}/{number}").text


def test_pages_and_files_with_persons_are_kept_in_no_cache(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    visitor = logged_in(app)
    kept = [visitor.ask("GET", path).headers["Cache-Control"] for path in (TABLE, f"{TABLE}/{number}", *FILES)]
    assert kept == ["no-store"] * 4


def test_one_page_of_the_table_holds_two_hundred(app: Flask, event: Event) -> None:
    join(event, 205)
    visitor = logged_in(app)
    first, second = visitor.get(TABLE), visitor.get(f"{TABLE}?side=2")
    assert [len(ids(first)), len(ids(second))] == [200, 5]
    assert [words(page.one("tfoot")) for page in (first, second)] == ["I alt 205 deltakere"] * 2


def test_what_people_eat_is_hinted_at_but_not_shown(app: Flask, event: Event) -> None:
    row = registered(event)
    row.dietary = DietaryNeed(needs="nøtteallergi", consented_at=NOW, consent_version="1")
    (number,) = save(row)
    visitor = logged_in(app)
    person = visitor.get(f"{TABLE}/{number}")
    assert "Har kosthensyn – vises på kjøkkenlisten" in person.text
    everything = [visitor.ask("GET", path).get_data() for path in (TABLE, f"{TABLE}/{number}", FILES[1])]
    assert ["nøtteallergi".encode() in body for body in everything] == [False] * 3


def test_one_persons_page_tells_answers_and_letters(app: Flask, event: Event) -> None:
    (number,) = save(registered(event, status=Status.WAITLISTED, hpr_number="1234567"))
    letter = letter_to(number, MailState.FAILED, error="550 5.1.1 User unknown")
    page = logged_in(app).get(f"{TABLE}/{number}")
    assert page.h1 == "Kåre Ødegård 0001"
    assert ["På venteliste nummer 1 i køen" in page.text, "1234567" in [words(one) for one in page.all("dd")]] == [
        True,
        True,
    ]
    row = words(page.one("tr", data_letter=str(letter)))
    assert row == (
        "Du er påmeldt kare1@lege.example.org 11. januar 2027 kl. 10.00 Feilet "
        "Svar fra e-posttjeneren: 550 5.1.1 User unknownSend på nytt Du er påmeldt"
    )


@pytest.mark.parametrize("number", ["999", "0", "2147483648", "9" * 30, "-1", "x"])
def test_a_person_who_is_not_there_is_not_found(app: Flask, event: Event, number: str) -> None:
    assert logged_in(app).get(f"{TABLE}/{number}", expect=404).status == 404


def test_a_person_of_another_event_is_not_found_here(app: Flask, event: Event) -> None:
    (other,) = join(make_event(slug="annet"), 1)
    assert logged_in(app).get(f"{TABLE}/{other}", expect=404).status == 404


def test_a_slug_with_a_null_byte_is_not_found(app: Flask) -> None:
    assert logged_in(app).get("/kontor/arrangementer/a%00b/deltakere", expect=404).status == 404


def test_markup_in_answers_stays_text(app: Flask, event: Event) -> None:
    (number,) = save(registered(event, last_name="<script>alert(1)</script>", workplace="<b>A</b>", note="<i>hei</i>"))
    visitor = logged_in(app)
    for path in (TABLE, f"{TABLE}/{number}"):
        page = visitor.get(path)
        assert "<script>alert(1)</script>" in page.text
        assert page.all("i") == []


def test_the_files_hold_everybody_who_is_in_with_the_line_last(app: Flask, event: Event) -> None:
    save(
        registered(event, 1, status=Status.WAITLISTED),
        registered(event, 2),
        registered(event, 3, status=Status.CANCELLED),
        registered(event, 4, status=Status.APPLIED),
    )
    visitor = logged_in(app)
    csv = visitor.ask("GET", FILES[1])
    rows = [line.split(";") for line in csv.get_data().decode("utf-8-sig").splitlines()]
    assert [row[:4] for row in rows] == [
        ["Status", "Nr. i køen", "Rolle", "Etternavn"],
        ["Påmeldt", "", "ALIS (allmennlege i spesialisering)", "Ødegård 0002"],
        ["På venteliste", "1", "ALIS (allmennlege i spesialisering)", "Ødegård 0001"],
        ["Søknad mottatt", "", "ALIS (allmennlege i spesialisering)", "Ødegård 0004"],
    ]
    assert csv.headers["Content-Disposition"] == 'attachment; filename="kurs-deltakere.csv"'
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.ask("GET", FILES[0]).get_data())).active
    assert sheet is not None
    assert [[str(cell or "") for cell in row[:4]] for row in sheet.iter_rows(values_only=True)] == [
        row[:4] for row in rows
    ]


def test_the_files_can_be_fetched_from_the_table(app: Flask, event: Event) -> None:
    join(event, 1)
    page = logged_in(app).get(TABLE)
    assert [len(page.all("a", href=path)) for path in FILES] == [1, 1]

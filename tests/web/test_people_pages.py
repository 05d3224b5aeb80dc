"""People at the desk: filters, adding, editing, importing and files with chosen columns, as pages."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, MailState
from courseapp.models.registration import DietaryNeed, Registration
from courseapp.models.upload import PeopleUpload
from tests.conftest import NOW
from tests.letters import all_letters, occasions
from tests.lists import HEADINGS, forms, people, workbook
from tests.making import make_event
from tests.pages import XHTML, Page, Visitor, checked, words
from tests.people import join, letter_to, logged_in, registered, save, written

TABLE = "/kontor/arrangementer/kurs/deltakere"
NEW, IMPORT, EXPORT = f"{TABLE}/ny", f"{TABLE}/importer", f"{TABLE}/eksport"
ASKED = {"first_name": "Åse", "last_name": "Øvre", "email": "ase@lege.example.org", "primary_role": "alis"}


@pytest.fixture
def event(app: Flask) -> Event:
    """A course at Nord."""
    return make_event(slug="kurs")


def shown(page: Page) -> list[int]:
    """Everybody on the page, from the top."""
    return [int(row.get("data-registration") or 0) for row in page.all("tr") if row.get("data-registration")]


def registrations() -> list[Registration]:
    db.session.rollback()
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def send(visitor: Visitor, content: bytes, *, expect: int = 303) -> Page:
    token = visitor.token(IMPORT).encode()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="Deltakere.xlsx"\r\n\r\n'
        + content
        + b"\r\n--x--"
    )
    answer = visitor.ask("POST", IMPORT, data=body, content_type="multipart/form-data; boundary=x")
    return checked(answer, expect)


def test_filters_in_the_address_narrow_every_list_and_its_count(app: Flask, event: Event) -> None:
    alis = join(event, 2, municipality="Bodø")
    (special,) = join(event, 1, first=10, municipality="Tromsø", primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    (waits,) = join(event, 1, first=20, municipality="Tromsø", status=Status.WAITLISTED)
    (gone,) = join(event, 1, first=30, municipality="Bodø", status=Status.CANCELLED)
    letter_to(alis[1], MailState.FAILED)
    visitor = logged_in(app)
    found = {
        query: shown(visitor.get(f"{TABLE}?{query}"))
        for query in ("rolle=alis", "kommune=Tromsø", "status=cancelled", "feilet=ja", "status=tull&sok=", "avslatt=ja")
    }
    assert found == {
        "rolle=alis": [*alis, waits, gone],
        "kommune=Tromsø": [special, waits],
        "status=cancelled": [gone],
        "feilet=ja": [alis[1]],
        "status=tull&sok=": [special, *alis, waits, gone],
        "avslatt=ja": [],
    }
    page = visitor.get(f"{TABLE}?feilet=ja")
    assert words(page.one("tfoot")) == "I alt 1 av 3 deltakere"
    assert words(next(page.one("tbody", data_role="alis").iter(XHTML + "tr"))).endswith("1 av 2")


@pytest.mark.parametrize("typed", ["ødegård", "ODEGARD", "oedegaard", "øde havna", "kare7@", "Kåre ødegård", "tromsoe"])
def test_a_search_does_not_care_how_letters_are_written(app: Flask, event: Event, typed: str) -> None:
    join(event, 1, last_name="Berg", workplace="Fjellet")
    (wanted,) = join(event, 1, first=7, municipality="Tromsø")
    assert shown(logged_in(app).get(f"{TABLE}?sok={typed}")) == [wanted]


def test_rows_can_be_sorted_within_their_role_in_norwegian_order(app: Flask, event: Event) -> None:
    places = ["Ålesund", "Bodø", "Ørland", ""]
    numbers = save(*(registered(event, at, municipality=place) for at, place in enumerate(places, start=1)))
    assert shown(logged_in(app).get(f"{TABLE}?sorter=municipality")) == [numbers[at] for at in (1, 2, 0, 3)]


def test_nobody_found_is_said_with_a_way_back_to_all(app: Flask, event: Event) -> None:
    join(event, 1)
    page = logged_in(app).get(f"{TABLE}?sok=finnes-ikke")
    assert "Ingen passer med utvalget" in page.text
    assert {words(one) for one in page.all("a", href=TABLE) if "Vis" in words(one)} == {"Vis alle"}


def test_the_persons_page_leads_back_to_the_same_filters(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    visitor = logged_in(app)
    (link,) = [
        one.get("href")
        for one in visitor.get(f"{TABLE}?rolle=alis&sok=kåre").all("a")
        if (one.get("href") or "").startswith(f"{TABLE}/{number}?")
    ]
    back = next(one for one in visitor.get(str(link)).all("a") if words(one).startswith("Deltakere ("))
    assert words(back) == "Deltakere (ALIS, «kåre»)"
    assert shown(visitor.get(str(back.get("href")))) == [number]


@pytest.mark.parametrize(
    "query", ["sok=%00", "kommune=%00", "gruppe=99999999999", "side=x&gruppe=-1", "sok=" + "å" * 5000]
)
def test_no_filter_breaks_the_table(app: Flask, event: Event, query: str) -> None:
    join(event, 1)
    assert logged_in(app).get(f"{TABLE}?{query}").status == 200


def test_a_person_is_added_with_little(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    page = visitor.follow(visitor.post(NEW, {**ASKED, "mail": "y"}))
    assert [page.h1, "Lagt til, med plass." in page.body] == ["Åse Øvre", True]
    assert occasions("ase@lege.example.org") == ["confirmation", "invitation", "invitation"]


def test_a_person_is_added_without_mail(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    visitor.post(NEW, ASKED)
    assert [[one.email for one in registrations()], all_letters()] == [["ase@lege.example.org"], []]


def test_a_full_event_warns_and_a_seat_past_the_line_wants_a_reason(app: Flask) -> None:
    full = make_event(slug="kurs", capacity=1)
    join(full, 1)
    visitor = logged_in(app)
    assert "Gi plass likevel (2 av 1)" in visitor.get(NEW).text
    refused = visitor.post(NEW, {**ASKED, "seat": "y"}, expect=422)
    assert [refused.errors, refused.value("last_name")] == [
        ["Skriv hvorfor denne personen får plass utenom reglene."],
        "Øvre",
    ]
    visitor.post(NEW, {**ASKED, "seat": "y", "seat_reason": "Avtalt"})
    assert [one.status for one in registrations()] == [Status.REGISTERED] * 2


def test_somebody_who_is_in_is_refused_with_a_link_to_her(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    page = logged_in(app).post(NEW, {**ASKED, "email": "KARE1@lege.example.org"}, expect=422)
    assert page.errors == ["Adressen er allerede påmeldt dette arrangementet."]
    assert len(page.all("a", href=f"{TABLE}/{number}")) == 1


def test_the_office_must_write_name_address_and_role(app: Flask, event: Event) -> None:
    page = logged_in(app).post(NEW, {"hpr_number": "tolv", "mobile": "x"}, expect=422)
    assert len(page.errors) == 6
    assert registrations() == []


def test_what_she_told_is_edited_and_the_history_names_the_fields(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    visitor = logged_in(app)
    at = f"{TABLE}/{number}/endre"
    held = visitor.get(at).fields
    page = visitor.follow(visitor.post(at, {**held, "workplace": "Fjellet", "hpr_number": "765"}))
    assert ["Fjellet" in page.text, "Endret opplysningeneArbeidssted, HPR-nummer" in page.text] == [True, True]
    assert all_letters() == []


def test_her_address_is_changed_on_a_page_of_its_own(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    visitor = logged_in(app)
    visitor.post(f"{TABLE}/{number}/adresse", {"email": "ny@lege.example.org"})
    assert [one.email for one in registrations()] == ["ny@lege.example.org"]
    assert visitor.post(f"{TABLE}/{number}/adresse", {"email": "feil"}, expect=422).errors != []


@pytest.mark.parametrize("form", forms([HEADINGS, *people(1)]))
def test_a_list_comes_in_by_three_steps(app: Flask, event: Event, form: str) -> None:
    visitor = logged_in(app)
    columns = send(visitor, forms([HEADINGS, *people()])[form]).headers["Location"]
    held = visitor.get(columns).fields
    trial = visitor.post(columns, held).headers["Location"]
    page = visitor.get(trial)
    assert [words(one) for one in page.all("li") if one.get("data-fate")] == [
        "28 nye",
        "0 finnes allerede",
        "0 med en adresse som står lenger opp i fila",
        "0 med feil",
    ]
    assert len([row for row in page.all("tr") if row.get("data-row")]) == 28
    assert "lege.example.org" not in str(page.fields)
    done = visitor.follow(visitor.post(trial, page.fields))
    assert "28\N{NO-BREAK SPACE}personer er lagt inn." in done.body
    assert [len(registrations()), all_letters()] == [28, []]
    assert written("people_imported") == [(written("people_imported")[0][0], event.id)]


def test_a_trial_that_is_overtaken_is_shown_again_and_then_goes(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    columns = send(visitor, workbook([HEADINGS, *people(2)])).headers["Location"]
    trial = visitor.post(columns, visitor.get(columns).fields).headers["Location"]
    held = visitor.get(trial).fields
    save(registered(event, 1, email="ase.1@lege.example.org"))
    again = visitor.post(trial, held, expect=422)
    assert ["Noe er endret" in again.errors[0], "1 ny" in again.text, len(registrations())] == [True, True, 1]
    visitor.post(trial, again.fields)
    assert len(registrations()) == 2


def test_an_unknown_role_is_asked_for_and_nothing_else_is_lost(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    rows = [["Navn", "E-post", "Rolle"], ["Åse Øvre", "ase@lege.example.org", "Sjef"]]
    columns = send(visitor, workbook(rows)).headers["Location"]
    page = visitor.post(columns, visitor.get(columns).fields, expect=422)
    assert [page.errors, page.value("column_0")] == [["Velg rolle for alle tekstene under «Roller»."], "name"]
    visitor.post(columns, {**page.fields, "role_0": "doctor"})
    assert visitor.get(f"{columns}/prov").status == 200


def test_a_list_that_is_gone_leads_back_to_the_beginning(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    answer = visitor.get(f"{IMPORT}/99", expect=303)
    assert [answer.headers["Location"], "ikke her lenger" in visitor.follow(answer).body] == [IMPORT, True]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a torn archive": lambda: b"PK\x03\x04rubbish",
    "NUL bytes": lambda: b"a;b\n\x00\x00;x",
    "50 000 rows": lambda: b"a;b\n" + b"x;y\n" * 50_000,
    "a cell of 1 MB": lambda: b"a;b\n" + b"x" * 1_000_000,
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_list_is_one_sentence_and_nothing_is_kept(app: Flask, event: Event, kind: str) -> None:
    page = send(logged_in(app), HOSTILE[kind](), expect=422)
    assert [len(page.errors), page.errors[0].endswith(".")] == [1, True]
    assert db.session.scalars(select(PeopleUpload)).all() == []


def test_a_file_past_the_bound_is_refused_with_the_bound(app: Flask, event: Event) -> None:
    page = send(logged_in(app), b"x" * (6 * 1024 * 1024), expect=413)
    assert page.errors == [
        "Fila er for stor. Den kan være på høyst 5 MB, med høyst 2\u00a0000 personer.".replace("\u00a0", " ")
    ]
    assert db.session.scalars(select(PeopleUpload)).all() == []


def test_only_this_page_takes_so_much(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    assert visitor.ask("POST", NEW, data={"note": "x" * 300_000}).status_code == 413


def test_formulas_come_in_as_text_and_go_out_harmless(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    content = b"Fornavn;Etternavn;E-post;Rolle;Legekontor\n=1+1;Ek;a@lege.example.org;alis;=cmd|' /C calc'!A0\n"
    columns = send(visitor, content).headers["Location"]
    trial = visitor.post(columns, visitor.get(columns).fields).headers["Location"]
    visitor.post(trial, visitor.get(trial).fields)
    assert [(one.first_name, one.workplace) for one in registrations()] == [("=1+1", "=cmd|' /C calc'!A0")]
    assert exported(visitor, columns=["first_name", "workplace"])[1] == ["'=1+1", "'=cmd|' /C calc'!A0"]


def exported(visitor: Visitor, **fields: object) -> list[list[str]]:
    told = {"csrf_token": visitor.token(EXPORT), "kind": "csv", **fields}
    answer = visitor.ask("POST", EXPORT, data=told)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    assert answer.headers["Cache-Control"] == "no-store"
    return [line.split(";") for line in answer.get_data().decode("utf-8-sig").splitlines()]


def noted(verb: str) -> list[dict[str, object]]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.details).where(AuditEntry.verb == verb).order_by(AuditEntry.id)))


def test_sensitive_columns_are_off_until_they_are_chosen_and_then_written_down(app: Flask, event: Event) -> None:
    save(registered(event, 1, hpr_number="765", note="=Kommer sent"))
    visitor = logged_in(app)
    offered = visitor.get(EXPORT)
    off = [one.get("value") for one in offered.all("input", name="columns") if one.get("checked") is None]
    assert off == ["mobile", "hpr_number", "note", "dietary_needs"]
    usual = visitor.ask("GET", f"{TABLE}.csv").get_data(as_text=True)
    assert [word in usual for word in ("765", "+4791234567", "Kommer")] == [False] * 3
    assert exported(visitor, columns=["note", "mobile", "last_name"]) == [
        ["Etternavn", "Mobil", "Merknad"],
        ["Ødegård 0001", "+4791234567", "'=Kommer sent"],
    ]
    assert [one["sensitive"] for one in noted("participants_exported")] == ["", "mobile,note"]


def test_what_people_eat_wants_a_box_of_its_own_and_a_verb_of_its_own(app: Flask, event: Event) -> None:
    row = registered(event)
    row.dietary = DietaryNeed(needs="nøtter", consented_at=NOW, consent_version="1")
    save(row)
    visitor = logged_in(app)
    wanted = {"columns": ["last_name", "dietary_needs"]}
    refused = visitor.post(EXPORT, {**wanted, "kind": "csv"}, expect=422)
    assert [refused.errors, noted("dietary_exported")] == [
        ["Kryss av for at du trenger opplysningene om mat, eller fjern kolonnen."],
        [],
    ]
    assert exported(visitor, **wanted, dietary_sure="y")[1] == ["Ødegård 0001", "nøtter"]
    assert len(noted("dietary_exported")) == 1


def test_filters_apply_to_files_and_a_spreadsheet_opens(app: Flask, event: Event) -> None:
    join(event, 1)
    save(registered(event, 2, primary_role=Role.LIS1))
    visitor = logged_in(app)
    book = openpyxl.load_workbook(io.BytesIO(visitor.ask("GET", f"{TABLE}.xlsx?rolle=lis1").get_data()))
    assert book.active is not None
    assert [cells[3] for cells in book.active.iter_rows(values_only=True)] == ["Etternavn", "Ødegård 0002"]


def test_readers_look_and_take_along_but_change_nothing(app: Flask, event: Event) -> None:
    (number,) = join(event, 1)
    visitor = logged_in(app, role=UserRole.READER)
    assert [visitor.get(path).status for path in (f"{TABLE}?sok=a", f"{TABLE}/{number}", EXPORT)] == [200] * 3
    assert visitor.get(EXPORT).all("input", value="dietary_needs") == []
    links = re.findall(r'href="([^"]+)"', visitor.get(TABLE).body + visitor.get(f"{TABLE}/{number}").body)
    assert [one for one in links if one.endswith(("/ny", "/importer", "/endre"))] == []
    shut = (NEW, IMPORT, f"{IMPORT}/1", f"{IMPORT}/1/prov", f"{TABLE}/{number}/endre", f"{TABLE}/{number}/adresse")
    assert [visitor.ask("GET", path).status_code for path in shut] == [404] * 6
    token = visitor.token(EXPORT)
    for path in (*shut, f"{IMPORT}/forkast"):
        assert visitor.ask("POST", path, data={"csrf_token": token, **ASKED}).status_code == 404
    assert len(registrations()) == 1

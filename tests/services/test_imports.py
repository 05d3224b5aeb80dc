"""Reported activities from a csv file: all 35 rows of the two reports, in every encoding; or nothing, with reasons."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.activity_file import MOST_BYTES, MOST_ROWS, ImportRefused
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.queries import events
from courseapp.services.imports import Imported, import_activities
from tests.conftest import NOW

FILE = Path(__file__).parent.parent / "data" / "activities_from_reports.csv"
REPORTS = FILE.read_bytes()
HEADER = "office,year,table,place,dates_text,activity,topic,participants_text,participants_number,approximate,comment"
QUOTES = "Raden kan ikke leses: et anførselstegn mangler eller står feil."
MISSING = "Filen mangler kolonnene activity, dates_text, participants_text, place, topic."
GOOD = "Oslo,2024,4.2,Bydel Frogner,,ALIS-kveld,Informasjon,Ca. 40,,,"


def of(office: str, table: ReportTable) -> list[Event]:
    chosen = select(Event).join(Event.office).where(Office.short_name == office, Event.report_table == table)
    return list(db.session.scalars(chosen.order_by(Event.id)))


def count() -> int | None:
    return db.session.scalar(select(func.count()).select_from(Event))


def problems(*rows: str, header: str = HEADER) -> list[tuple[int, str]]:
    """What is wrong with a file of these rows; nothing of it may be in the database."""
    return problems_of("\n".join([header, *rows]).encode())


def problems_of(content: bytes) -> list[tuple[int, str]]:
    before = count()
    with pytest.raises(ImportRefused) as refusal:
        import_activities(content, actor=None)
    assert count() == before
    return [(problem.line, str(problem)) for problem in refusal.value.problems]


def again(delimiter: str, encoding: str) -> bytes:
    """The reports as a spreadsheet would save them."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(csv.reader(io.StringIO(REPORTS.decode())))
    return text.getvalue().encode(encoding)


def test_the_reports_add_up(app: Flask) -> None:
    assert import_activities(REPORTS, actor=None) == Imported(added=35, known=0)
    oslo, sor = of("Oslo", ReportTable.COURSES), of("Sør", ReportTable.COURSES)
    assert [event.reported_number for event in oslo] == [24, 30, 30, 32]
    assert [event.reported_number for event in sor] == [31, 30, 30]
    counts = {(office, table): len(of(office, table)) for office in ("Oslo", "Sør") for table in ReportTable}
    assert [counts["Oslo", table] for table in ReportTable] == [4, 0, 12, 7]
    assert [counts["Sør", table] for table in ReportTable] == [3, 1, 4, 4]
    assert {event.report_year for event in oslo} == {2024}
    assert {event.status for event in db.session.scalars(select(Event))} == {EventStatus.HELD}


def test_odd_values_are_kept_as_written_and_read_as_meant(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    frogner = of("Oslo", ReportTable.REGIONAL)[0]
    assert (frogner.reported_number, frogner.reported_approximate, frogner.reported_text) == (40, True, "Ca. 40")
    stand = of("Oslo", ReportTable.NATIONAL)[0]
    assert (stand.reported_number, stand.reported_approximate, stand.reported_text) == (None, False, "")
    arendalsuka = of("Sør", ReportTable.NATIONAL)[0]
    assert (arendalsuka.reported_number, arendalsuka.reported_text) == (100, "Ca 100 fysisk")
    assert arendalsuka.topic == '"Allmennlegetjeneste for fremtiden — hvordan bygger vi den?"'
    webinars = of("Sør", ReportTable.REGIONAL)[1]
    assert (webinars.dates_text, webinars.starts_at, webinars.sessions) == ("Vår og høst", None, [])
    kragero, kristiansand, fredrikstad = of("Sør", ReportTable.COURSES)
    assert kragero.reported_roles == "12 spesialister i allmenntmedisin, 14 ALIS og 1 SamLIS"
    assert fredrikstad.reported_roles.startswith("8 spesialister")
    assert (kristiansand.external_organizer, kragero.external_organizer) == ("Legeforeningen/Våruka", "")


def test_days_become_sessions_on_a_norwegian_clock(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    course = of("Oslo", ReportTable.COURSES)[0]
    assert [(one.starts_at, one.ends_at) for one in course.sessions] == [
        (datetime(2024, 2, 22, 8, tzinfo=UTC), datetime(2024, 2, 22, 15, tzinfo=UTC)),
        (datetime(2024, 3, 21, 8, tzinfo=UTC), datetime(2024, 3, 21, 15, tzinfo=UTC)),
    ]
    assert (course.starts_at, course.ends_at) == (course.sessions[0].starts_at, course.sessions[1].ends_at)
    summer = of("Sør", ReportTable.COURSES)[1]
    assert summer.starts_at == datetime(2025, 5, 5, 7, tzinfo=UTC)
    page = events.page(course.slug, NOW)
    assert page is not None
    assert page.starts_at == course.starts_at


def test_kinds_are_guessed_from_the_words(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    kinds = db.session.execute(select(Event.kind, func.count()).group_by(Event.kind))
    assert dict(kinds.all()) == {
        EventKind.VEILEDERKURS: 7,
        EventKind.KURSHOLDERDAG: 1,
        EventKind.ALIS_KVELD: 3,
        EventKind.ALIS_DAG: 1,
        EventKind.DIALOGUE_MEETING: 5,
        EventKind.STAND: 3,
        EventKind.WEBINAR: 3,
        EventKind.CONFERENCE: 3,
        EventKind.NEWSLETTER: 1,
        EventKind.FOLLOW_UP: 1,
        EventKind.OTHER: 7,
    }


def test_slugs_are_readable_and_all_different(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    assert [event.slug for event in of("Sør", ReportTable.COURSES)] == [
        "veilederkurs-kragero-mars-2025",
        "veilederkurs-kristiansand-mai-2025",
        "veilederkurs-fredrikstad-november-2025",
    ]
    slugs = set(db.session.scalars(select(Event.slug)))
    assert len(slugs) == 35
    assert "mote-med-bydelens-alis-ledere-og-koordinatore-bydel-2024" in slugs
    assert "mote-med-bydelens-alis-ledere-og-koordinatore-bydel-2024-2" in slugs


def test_every_event_has_one_line_of_history(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    rows = db.session.execute(select(AuditEntry.verb, AuditEntry.actor, AuditEntry.event_id)).all()
    assert {(row.verb, row.actor) for row in rows} == {("imported", "system")}
    assert sorted(row.event_id for row in rows) == list(db.session.scalars(select(Event.id).order_by(Event.id)))


def test_a_second_time_adds_nothing(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    assert import_activities(REPORTS, actor=None) == Imported(added=0, known=35)
    assert count() == 35


def test_two_who_import_the_same_file_at_once_add_it_once(app: Flask) -> None:
    def one(_number: int) -> Imported:
        with app.app_context():
            return import_activities(REPORTS, actor=None)

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(one, range(2)), key=lambda imported: imported.added)
    assert done == [Imported(added=0, known=35), Imported(added=35, known=0)]


def test_equal_rows_are_as_many_events_and_only_new_ones_are_added(app: Flask) -> None:
    twice = f"{HEADER}\n{GOOD}\n{GOOD}".encode()
    assert import_activities(twice, actor=None) == Imported(added=2, known=0)
    thrice = "\n".join([HEADER, GOOD, GOOD, GOOD, GOOD.replace("Frogner", "Alna")]).encode()
    assert import_activities(thrice, actor=None) == Imported(added=2, known=2)
    assert count() == 4


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(",", "utf-8"), (",", "utf-8-sig"), (";", "cp1252"), (";", "utf-8"), ("\t", "utf-16"), ("\t", "utf-8-sig")],
)
def test_every_way_a_spreadsheet_saves_it(app: Flask, delimiter: str, encoding: str) -> None:
    assert import_activities(again(delimiter, encoding), actor=None) == Imported(added=35, known=0)
    assert import_activities(REPORTS, actor=None) == Imported(added=0, known=35)


def test_all_bad_rows_are_named_at_once_and_nothing_is_added(app: Flask) -> None:
    found = problems(
        GOOD,
        GOOD.replace("2024", "i fjor"),
        GOOD.replace("4.2", "4.9"),
        GOOD.replace("Ca. 40", "-3"),
        GOOD.replace("Ca. 40,,", "Ca. 40,-40,"),
        GOOD.replace("Ca. 40,,", "Ca. 40,30,"),
        "",
        GOOD.replace("Frogner,", "Frogner,31.02.2024"),
        GOOD.replace("Frogner,", "Frogner,27.03.2025"),
        GOOD.replace("ALIS-kveld", ""),
        GOOD.replace("Ca. 40,,", "Ca. 40,,kanskje"),
        GOOD + ",for mange",
        GOOD.replace("Informasjon", "x" * 2001),
    )
    assert found == [
        (3, "Året «i fjor» er ikke et årstall."),
        (4, "Tabellen «4.9» finnes ikke. Tabellene er 4.1, 4.1-text, 4.2, 4.3."),
        (5, "«-3» kan ikke være et antall deltakere."),
        (6, "Antallet «-40» må være et helt tall, 0 eller mer."),
        (7, "Antallet er 30, men teksten sier «Ca. 40»."),
        (9, "«31.02.2024» er ikke en dato som finnes."),
        (10, "«27.03.2025» er ikke i 2024."),
        (11, "Aktiviteten mangler."),
        (12, "«kanskje» i kolonnen approximate må være true eller false."),
        (13, "Raden har 12 kolonner, overskriften har 11."),
        (14, "En tekst er lengre enn 2000 tegn."),
    ]


def test_offices_that_do_not_exist_are_named(app: Flask) -> None:
    known = "Kontorene er Nord, Midt, Vest, Øst, Sør og Oslo."
    found = problems(GOOD, GOOD.replace("Oslo", "Bergen"), GOOD.replace("Oslo", ""))
    assert found == [(3, f"Kontoret «Bergen» finnes ikke. {known}"), (4, f"Kontoret «» finnes ikke. {known}")]


def test_an_office_may_be_written_in_three_ways(app: Flask) -> None:
    names = ["sør", "sor", "ALIS og SamLIS rådgivingskontor Sør"]
    rows = [GOOD.replace("Oslo", name) for name in names]
    assert import_activities("\n".join([HEADER, *rows]).encode(), actor=None) == Imported(added=3, known=0)
    assert len(of("Sør", ReportTable.REGIONAL)) == 3


def test_date_columns_fill_in_but_do_not_speak_against_the_text(app: Flask) -> None:
    header = HEADER + ",start_date,end_date"
    assert problems(
        GOOD + ",2024-03-18,2024-03-17",
        GOOD + ",,2024-03-17",
        GOOD + ",i går,",
        GOOD.replace("Frogner,", "Frogner,18.03.2024") + ",2024-03-19,",
        header=header,
    ) == [
        (2, "Sluttdatoen kommer før startdatoen, eller startdatoen mangler."),
        (3, "Sluttdatoen kommer før startdatoen, eller startdatoen mangler."),
        (4, "«i går» er ikke en dato på formen 2025-03-18."),
        (5, "Datoene 2024-03-19 og 2024-03-19 stemmer ikke med «18.03.2024»."),
    ]
    import_activities("\n".join([header, GOOD + ",2024-03-18,2024-03-19"]).encode(), actor=None)
    assert [one.starts_at.day for one in of("Oslo", ReportTable.REGIONAL)[0].sessions] == [18, 19]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "Filen er tom."),
        (b"\xef\xbb\xbf \r\n", 1, "Filen er tom."),
        (HEADER.encode(), 1, "Filen har ingen rader under overskriften."),
        (GOOD.encode(), 1, "Filen mangler overskrifter i første rad."),
        (b"office,year,table\nOslo,2024,4.2", 1, MISSING),
        (f"{HEADER},farge\n{GOOD},".encode(), 1, "Filen har ukjente kolonner: farge."),
        (f"{HEADER},topic\n{GOOD},".encode(), 1, "Filen har samme kolonne flere ganger."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 1, "Dette er ikke en tekstfil."),
        (b"\xff\xfeo", 1, "Dette er ikke en tekstfil."),
        (b"office;\x81\x8d", 1, "Dette er ikke en tekstfil."),
        (b"PK\x03\x04 and so on", 1, "Dette er en Excel-fil. Lagre den som csv (UTF-8) og prøv igjen."),
        (b"x" * (MOST_BYTES + 1), 1, "Filen er større enn 2 MB."),
        (f'{HEADER}\n{GOOD}\nOslo,2024,4.2,"Frogner\n'.encode(), 3, QUOTES),
        (f'{HEADER}\nOslo,2024,4.2,"Fro"gner,\n{GOOD}'.encode(), 2, QUOTES),
        ("\n".join([HEADER, *[GOOD] * (MOST_ROWS + 1)]).encode(), MOST_ROWS + 2, "Filen har mer enn 5000 rader."),
    ],
)
def test_files_that_are_not_what_they_should_be(app: Flask, content: bytes, line: int, reason: str) -> None:
    assert problems_of(content) == [(line, reason)]


def test_a_row_over_several_lines_is_named_by_its_first(app: Flask) -> None:
    found = problems(GOOD.replace("Informasjon", '"To\nlinjer"'), GOOD.replace("2024", "24"))
    assert found == [(4, "Året «24» er ikke et årstall.")]


def actor(role: UserRole, office: str | None) -> Actor:
    with transaction() as tx:
        user = User(email="kari@example.org", name="Kari", password_hash="-", created_at=NOW)
        tx.add(user)
        tx.flush()
        office_id = tx.scalar(select(Office.id).where(Office.slug == office))
        roles = () if office_id is None else ((office_id, role),)
        return Actor(user_id=user.id, name="Kari", roles=roles, national=role if office is None else None)


def test_an_organizer_imports_for_her_own_office_only(app: Flask) -> None:
    kari = actor(UserRole.ORGANIZER, "oslo")
    rows = "\n".join([HEADER, GOOD, GOOD.replace("Oslo", "Sør")]).encode()
    with pytest.raises(ImportRefused) as refusal:
        import_activities(rows, actor=kari)
    assert [(one.line, str(one)) for one in refusal.value.problems] == [
        (3, "Du kan ikke importere aktiviteter for Sør.")
    ]
    assert import_activities(f"{HEADER}\n{GOOD}".encode(), actor=kari) == Imported(added=1, known=0)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.user_id) == ("user", kari.user_id)


def test_a_national_administrator_imports_for_all(app: Flask) -> None:
    assert import_activities(REPORTS, actor=actor(UserRole.ADMINISTRATOR, None)).added == 35


@pytest.mark.parametrize(("role", "office"), [(UserRole.READER, None), (UserRole.READER, "oslo")])
def test_readers_import_nothing(app: Flask, role: UserRole, office: str | None) -> None:
    with pytest.raises(NotFound):
        import_activities(REPORTS, actor=actor(role, office))
    assert count() == 0

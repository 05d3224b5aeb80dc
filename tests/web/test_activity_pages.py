"""The pages of activities nobody signs up for."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.services.imports import import_activities
from tests.conftest import Clock
from tests.pages import Page, Visitor, words
from tests.people import logged_in
from tests.services.test_imports import REPORTS

LIST, NEW, PASTE = "/kontor/aktiviteter", "/kontor/aktiviteter/ny", "/kontor/aktiviteter/lim-inn"
TYPED = {
    "office": "nord",
    "kind": "dialogue_meeting",
    "when": "4. januar",
    "place": "Bodø",
    "number": "Ca. 12",
    "year": "2027",
}


def lines(page: Page) -> list[str]:
    return [words(row) for row in page.all("tr") if row.get("data-activity")]


def slug(page: Page) -> str:
    return next(row.get("data-activity") or "" for row in page.all("tr") if row.get("data-activity"))


def test_one_is_typed_in_and_stands_in_the_list(app: Flask) -> None:
    nora = logged_in(app)
    page = nora.follow(nora.post(NEW, TYPED))
    assert lines(page) == ["DialogmøteDialogmøte Bodø 4. januar 2027 Ca. 12 Endre «Dialogmøte», Bodø"]
    assert "«Dialogmøte» er lagt inn." in page.text


def test_one_more_right_away_keeps_the_year_and_the_kind(app: Flask) -> None:
    nora = logged_in(app)
    answer = nora.post(NEW, {**TYPED, "year": "2025", "when": "", "then": "more"})
    assert answer.headers["Location"] == f"{NEW}?ar=2025&kontor=nord&type=dialogue_meeting"
    page = nora.follow(answer)
    assert (page.value("year"), page.value("kind")) == ("2025", "dialogue_meeting")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"kind": "other"}, ["Skriv hva det var."]),
        ({"kind": "feil"}, ["Velg fra listen under «Type»."]),
        ({"when": "31.02"}, ["«31.02» er ikke en dato som finnes."]),
        ({"when": "4. januar 2026"}, ["«4. januar 2026» er ikke i 2027."]),
        ({"number": "10 eller 12"}, ["«10 eller 12» har flere tall. Skriv ett antall."]),
        ({"year": "27"}, ["Skriv året med fire siffer, som 2027."]),
        ({"year": "٢٠٢٧"}, ["Skriv året med fire siffer, som 2027."]),
        ({"title": "a\x00b"}, ["«Aktivitet» har tegn som ikke kan brukes. Skriv det på nytt."]),
        ({"partners": "nord"}, ["Kontoret som er ansvarlig, kan ikke stå som medarrangør i tillegg."]),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(
    app: Flask, typed: dict[str, str], errors: list[str]
) -> None:
    nora = logged_in(app)
    page = nora.post(NEW, {**TYPED, "topic": "Veiledning", **typed}, expect=422)
    assert (page.errors, page.value("topic")) == (errors, "Veiledning")
    assert lines(nora.get(LIST)) == []


def test_it_is_changed_and_deleted_after_a_question(app: Flask) -> None:
    nora = logged_in(app)
    address = f"{LIST}/{slug(nora.follow(nora.post(NEW, TYPED)))}"
    page = nora.get(address)
    assert (page.value("when"), page.value("number"), page.value("kind")) == ("4. januar", "Ca. 12", "dialogue_meeting")
    page = nora.follow(nora.post(address, {**page.fields, "number": "14"}))
    assert "14" in lines(page)[0]
    assert "kan ikke hentes tilbake" in nora.get(f"{address}/slett").text
    page = nora.follow(nora.post(f"{address}/slett"))
    assert (lines(page), nora.ask("GET", address).status_code) == ([], 404)


def test_last_years_lines_are_copied_to_this_year(app: Flask) -> None:
    nora = logged_in(app)
    nora.post(NEW, {**TYPED, "year": "2026", "when": "4. mars"})
    old = f"{LIST}?ar=2026"
    chosen = slug(nora.get(old))
    page = nora.follow(nora.post(f"{LIST}/kopier?ar=2026", {"linje": chosen}, form_at=old))
    assert lines(page) == ["DialogmøteDialogmøte Bodø Endre «Dialogmøte», Bodø"]
    assert "1 linje er kopiert til 2027, uten dato og antall." in page.text
    page = nora.follow(nora.post(f"{LIST}/kopier?ar=2026", {"linje": chosen}, form_at=old))
    assert (len(lines(page)), "1 linje sto der fra før." in page.text) == (1, True)
    page = nora.follow(nora.post(f"{LIST}/kopier?ar=2026", {}, form_at=old))
    assert "Velg linjene du vil kopiere først." in page.text
    nora.post(f"{LIST}/kopier?ar=2026", {"linje": "finnes-ikke"}, form_at=old, expect=404)


def test_lines_are_tried_first_and_then_taken_in(app: Flask) -> None:
    nora = logged_in(app)
    sent = {
        "office": "nord",
        "year": "2026",
        "table": "4.2",
        "lines": "Bodø\t4. mars\tDialogmøte\t\tCa. 12\nMo\t\tStand",
    }
    page = nora.post(PASTE, sent, expect=200)
    assert [words(row) for row in page.all("tr") if row.get("data-line")] == [
        "DialogmøteDialogmøte Bodø onsdag 4. mars 2026 Ca. 12 Nord 2026, 4.2 Ny",
        "StandStand Mo Nord 2026, 4.2 Ny",
    ]
    assert lines(nora.get(f"{LIST}?ar=2026")) == []
    assert page.value("lines").split() == sent["lines"].split()
    page = nora.follow(nora.post(PASTE, {**sent, "then": "import"}))
    assert (len(lines(page)), "2 aktiviteter er lagt inn." in page.text) == (2, True)
    page = nora.post(PASTE, sent, expect=200)
    assert "Alt står der fra før" in page.text


def test_lines_with_problems_are_named_and_nothing_is_taken_in(app: Flask) -> None:
    nora = logged_in(app)
    sent = {
        "office": "nord",
        "year": "2026",
        "table": "4.2",
        "lines": "Bodø\t\tStand\nMo\t31.02\tStand",
        "then": "import",
    }
    page = nora.post(PASTE, sent, expect=422)
    assert page.errors == ["Linje 2: «31.02» er ikke en dato som finnes."]
    assert lines(nora.get(f"{LIST}?ar=2026")) == []
    assert nora.post(PASTE, {**sent, "lines": " "}, expect=422).errors == [
        "Linje 1: Lim inn linjene, eller velg en fil."
    ]


def test_a_file_is_tried_and_its_text_is_kept_in_the_form(app: Flask) -> None:
    oda = logged_in(app, office="oslo")
    rows = REPORTS.decode().splitlines()
    mine = "\n".join([rows[0], *(row for row in rows if ",Oslo,2024,4.3," in row)]).encode("utf-8-sig")
    sent = {"office": "oslo", "year": "2024", "table": "4.2", "file": (BytesIO(mine), "aktiviteter.csv")}
    page = oda.post(PASTE, sent, expect=200)
    assert len([row for row in page.all("tr") if row.get("data-line")]) == 7
    again = {"office": "oslo", "year": "2024", "table": "4.2", "lines": page.value("lines"), "then": "import"}
    assert len(lines(oda.follow(oda.post(PASTE, again)))) == 7
    others = {"office": "oslo", "year": "2024", "table": "4.2", "lines": REPORTS.decode()}
    assert "Du kan ikke importere aktiviteter for Sør." in oda.post(PASTE, others, expect=422).errors[0]


@pytest.mark.parametrize("content", [b"x" * 200_001, b"PK\x03\x04abc", b"\x00\x01"])
def test_a_file_that_is_none_is_refused(app: Flask, content: bytes) -> None:
    nora = logged_in(app)
    sent = {"office": "nord", "year": "2026", "table": "4.2", "file": (BytesIO(content), "x.csv")}
    assert len(nora.post(PASTE, sent, expect=422).errors) == 1


def test_far_too_much_at_once_is_refused_with_a_sentence(app: Flask) -> None:
    nora = logged_in(app)
    page = nora.post(PASTE, {"office": "nord", "year": "2026", "table": "4.2", "lines": "x" * 900_000}, expect=413)
    assert page.errors == ["Det er for mye på én gang. Lim inn eller last opp høyst 200 kB."]


def test_a_reader_sees_the_list_and_can_change_nothing(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    leif = logged_in(app, office=None, role=UserRole.READER)
    page = leif.get(f"{LIST}?ar=2025&kontor=sor")
    assert (len(lines(page)), "Ny aktivitet" in page.text) == (12, False)
    for address in (NEW, PASTE, f"{LIST}/{slug(page)}", f"{LIST}/{slug(page)}/slett"):
        assert leif.ask("GET", address).status_code == 404


def test_a_year_without_any_says_what_will_be_here(app: Flask, time: Clock) -> None:
    nora = logged_in(app)
    assert "Ingen aktiviteter i 2027" in nora.get(LIST).text
    assert nora.ask("GET", f"{LIST}?ar=99999").status_code == 404


def test_another_office_gets_nowhere(app: Flask) -> None:
    nora: Visitor = logged_in(app)
    address = f"{LIST}/{slug(nora.follow(nora.post(NEW, TYPED)))}"
    stranger = logged_in(app, office="sor")
    assert [stranger.ask("GET", one).status_code for one in (address, f"{address}/slett")] == [404, 404]
    assert lines(stranger.get(LIST)) == []

"""Every letter: the status first, then when, where and whom to ask; text and html say the same; nobody's health."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from courseapp.config import ROOT
from courseapp.models.journal import OutboxEmail
from courseapp.services import registrations
from tests.conftest import Clock
from tests.keys import key_of
from tests.letters import all_letters, deliver
from tests.making import make_event, wish

ADDRESS = "kare{}@lege.example.org"
FIRST_WORDS = {
    "confirmation": "Du har plass",
    "waiting": "Du har ikke plass ennå",
    "already_registered": "Du har plass fra før",
    "seat_given": "Du har fått plass",
    "cancelled": "Du er avmeldt",
    "invitation": "Til kalenderen: dag 1 av 2",
    "invitation_cancelled": "Samlingen tas ut av kalenderen",
}
COURSE = "Kurs i individuell veiledning i spesialistutdanningen for leger"
SUBJECTS = {
    "confirmation": "Du er påmeldt: Veilederkurs 22. mars og 22. april 2027, Møterom Ås",
    "waiting": "Du står på venteliste: Veilederkurs 22. mars og 22. april 2027, Møterom Ås",
    "already_registered": "Du er allerede påmeldt: Veilederkurs 22. mars og 22. april 2027, Møterom Ås",
    "seat_given": "Du har fått plass: Veilederkurs 22. mars og 22. april 2027, Møterom Ås",
    "cancelled": "Du er avmeldt: Veilederkurs 22. mars og 22. april 2027, Møterom Ås",
    "invitation": f"Kalender: {COURSE} – dag 1 av 2",
    "invitation_cancelled": f"Ut av kalenderen: {COURSE} – dag 1 av 2",
}
NO_SECRET = {"cancelled", "invitation_cancelled"}


@pytest.fixture
def letters(app: Flask, tmp_path: Path, time: Clock) -> dict[str, OutboxEmail]:
    """The first letter of each occasion in one small life."""
    event = make_event(capacity=1)
    registrations.sign_up(wish(event, 1, dietary_needs="Cøliaki"))
    registrations.sign_up(wish(event, 2))
    registrations.sign_up(wish(event, 1))
    before = all_letters()
    deliver(tmp_path, time)
    registrations.cancel(key_of(ADDRESS.format(1)))
    found: dict[str, OutboxEmail] = {}
    for one in [*before, *all_letters()]:
        found.setdefault(one.occasion, one)
    return found


def plain(html: str) -> str:
    """What is read of an html letter."""
    body = re.sub(r"<(style|title)\b.*?</\1>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_small_life_has_every_letter(letters: dict[str, OutboxEmail]) -> None:
    assert set(letters) == set(FIRST_WORDS)


def test_subjects_say_status_course_date_and_place(letters: dict[str, OutboxEmail]) -> None:
    assert {occasion: one.subject for occasion, one in letters.items()} == SUBJECTS


def test_the_first_sentence_is_the_status(letters: dict[str, OutboxEmail]) -> None:
    assert {occasion: one.text.splitlines()[0] for occasion, one in letters.items()} == FIRST_WORDS


@pytest.mark.parametrize("occasion", sorted(FIRST_WORDS))
def test_text_and_html_both_say_when_where_and_who_to_ask(letters: dict[str, OutboxEmail], occasion: str) -> None:
    one = letters[occasion]
    told = [" ".join(one.text.replace("\N{NO-BREAK SPACE}", " ").split()), plain(one.html)]
    facts = [
        "mandag 22. mars 2027",
        "kl. 09.00–16.00",
        "Møterom Ås, Sjøgata 1; 8006 Bodø",
        "nord@alis.example.org",
        "22 10 00 01",
    ]
    if occasion not in {"invitation", "invitation_cancelled"}:
        facts.append("torsdag 22. april 2027")
    assert [fact for text in told for fact in facts if fact not in text] == []


@pytest.mark.parametrize("occasion", sorted(FIRST_WORDS))
def test_the_secret_link_stands_where_it_belongs_in_text_and_html_alike(
    letters: dict[str, OutboxEmail], occasion: str
) -> None:
    one = letters[occasion]
    links = [set(re.findall(r"http://kurs\.example\.org/[^\s\"<]+", part)) for part in (one.text, one.html)]
    assert links[0] == links[1]
    assert any("/min/" in link for link in links[0]) == (occasion not in NO_SECRET)


def test_no_letter_tells_what_anybody_eats(letters: dict[str, OutboxEmail]) -> None:
    assert [one.occasion for one in all_letters() if "Cøliaki" in f"{one.subject}{one.text}{one.html}{one.ics}"] == []


def test_the_calendar_file_holds_no_secret_link(letters: dict[str, OutboxEmail]) -> None:
    assert "/min/" not in str(letters["invitation"].ics)


def test_letters_load_nothing_from_anywhere(letters: dict[str, OutboxEmail]) -> None:
    assert [
        one.occasion for one in letters.values() if re.search(r"<(img|link|script)\b|url\(|@import", one.html)
    ] == []


def test_every_occasion_has_its_three_parts() -> None:
    folders = [folder for folder in (ROOT / "templates/mail").iterdir() if folder.is_dir()]
    assert {folder.name: sorted(file.name for file in folder.iterdir()) for folder in folders} == {
        folder.name: ["body.html", "body.txt", "subject.txt"] for folder in folders
    }
    assert len(folders) >= 10


@pytest.mark.parametrize("name", ["<b>Åse</b>", "Åse & Co", "Å" * 80, 'O\'Hara "Kit"', "{{ 7*7 }}"])
def test_a_name_is_shown_as_it_is_and_can_do_nothing(app: Flask, name: str) -> None:
    registrations.sign_up(wish(make_event(), 1, first_name=name))
    one = all_letters()[0]
    assert f"Hei, {name}." in " ".join(one.text.split())
    assert f"Hei, {' '.join(name.split())}." in plain(one.html.replace("&lt;b&gt;", "‹b›")).replace("‹b›", "<b>")
    assert "<b>Åse" not in one.html

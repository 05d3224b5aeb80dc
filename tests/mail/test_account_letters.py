"""Letters to those who log in: what happened first, then one button; text and html say the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from courseapp.domain.mailbox import Mailbox
from courseapp.mail import account_letters as letters
from courseapp.mail.letter import Letter
from tests.mail.test_letters import plain

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
LINK, LOG_IN = "https://kurs.example.org/kontor/passord/hemmelig", "https://kurs.example.org/kontor/logg-inn"
FACTS = letters.AccountFacts(
    sender=Mailbox(name="ALIS og SamLIS kurs", email="kurs@alis.example.org"),
    to=Mailbox(name="Kari <b>Ås</b>", email="kari@nord.example.org"),
    log_in_url=LOG_IN,
    message_id="<u1@kurs.example.org>",
    now=NOW,
)
ALL: dict[str, tuple[Letter, str, str]] = {
    "invited": (
        letters.invited(FACTS, url=LINK, expires_at=NOW + timedelta(days=7), inviter="Åse Dahl"),
        "Du kan nå logge inn",
        "Åse Dahl har gitt deg tilgang til kurssidene for kontorene.",
    ),
    "invited by a command": (
        letters.invited(FACTS, url=LINK, expires_at=NOW + timedelta(days=7), inviter=""),
        "Du kan nå logge inn",
        "Kontoret har gitt deg tilgang til kurssidene for kontorene.",
    ),
    "password_link": (
        letters.password_link(FACTS, url=LINK, expires_at=NOW + timedelta(hours=1)),
        "Velg nytt passord",
        "Lenken virker én gang, til 11. januar 2027 kl. 11.00.",
    ),
    "password_changed": (
        letters.password_changed(FACTS),
        "Passordet ditt er endret",
        "Passordet ditt ble endret 11. januar 2027 kl. 10.00, og du er logget ut overalt.",
    ),
    "factor_reset": (
        letters.factor_reset(FACTS, by="Åse Dahl"),
        "Totrinnsinnloggingen din er nullstilt",
        "Åse Dahl har nullstilt totrinnsinnloggingen din, og du er logget ut overalt.",
    ),
    "new_device": (
        letters.new_device(FACTS, description="Firefox, Windows"),
        "Det er logget inn fra en ny nettleser",
        "Det ble logget inn på kontoen din 11. januar 2027 kl. 10.00, fra Firefox, Windows som ikke er brukt før.",
    ),
    "new_device unknown": (
        letters.new_device(FACTS, description=""),
        "Det er logget inn fra en ny nettleser",
        "fra en nettleser som ikke er brukt før.",
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_text_and_html_say_what_happened_and_hold_one_address(name: str) -> None:
    letter, first, sentence = ALL[name]
    text = " ".join(letter.text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert letter.text.splitlines()[0] == first
    assert [sentence in text, sentence in plain(letter.html), f"Hei, {FACTS.to.name}." in text] == [True] * 3
    found = [set(re.findall(r"https://[^\s\"<]+", part)) for part in (letter.text, letter.html)]
    assert found == [{LINK if letter.occasion in {"invited", "password_link"} else LOG_IN}] * 2
    assert "<b>Ås" not in letter.html
    assert re.search(r"<(img|link|script)\b|url\(|@import", letter.html) is None


def test_every_subject_is_a_line_that_says_what_it_is_about() -> None:
    assert {letter.occasion: letter.subject for letter, _first, _sentence in ALL.values()} == {
        "invited": "Du er invitert til ALIS- og SamLIS-kontorenes kurssider",
        "password_link": "Velg nytt passord",
        "password_changed": "Passordet ditt er endret",
        "factor_reset": "Totrinnsinnloggingen din er nullstilt",
        "new_device": "Ny innlogging på kontoen din",
    }

"""The commands of the README, as somebody types them."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.models.account import Membership, User
from courseapp.queries import accounts
from courseapp.services import registrations
from tests import smtp
from tests.conftest import Clock
from tests.letters import all_letters, deliver
from tests.making import make_event, wish
from tests.people import user, with_app

PASSWORD = "et godt og langt passord"


def run(app: Flask, *words: str, given: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=given)


def test_a_user_is_made_and_the_password_asked_for(app: Flask) -> None:
    words = ("users", "create", "Kari@Example.org", "--name", "Kari Ås", "--office", "nord", "--role", "organizer")
    result = run(app, *words, given=f"{PASSWORD}\n{PASSWORD}\n")
    assert (result.exit_code, PASSWORD in result.output) == (0, False)
    user = db.session.scalars(select(User)).one()
    membership = db.session.scalars(select(Membership)).one()
    assert (user.email, user.name, str(membership.role), membership.office.slug if membership.office else None) == (
        "kari@example.org",
        "Kari Ås",
        "organizer",
        "nord",
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--office", "finnes-ikke", "--role", "organizer", "--password", PASSWORD), "Kontoret finnes ikke."),
        (("--role", "organizer", "--password", PASSWORD), "En arrangør må høre til et kontor."),
        (("--office", "nord", "--role", "organizer", "--password", "kort"), "Passordet må ha minst 12 tegn."),
    ],
)
def test_a_user_that_cannot_be_is_refused_with_a_sentence(app: Flask, words: tuple[str, ...], told: str) -> None:
    result = run(app, "users", "create", "kari@example.org", "--name", "Kari", *words)
    assert (result.exit_code, told in result.output) == (1, True)


def test_a_colleague_is_invited_by_a_command(app: Flask) -> None:
    words = ("users", "invite", "Kari@Example.org", "--name", "Kari Ås", "--office", "nord", "--role", "administrator")
    assert [run(app, *words).exit_code, run(app, *words).exit_code] == [0, 1]
    (letter,) = all_letters()
    assert [letter.occasion, letter.to_email, "Kontoret har gitt deg tilgang" in letter.text] == [
        "invited",
        "kari@example.org",
        True,
    ]


def test_a_second_factor_is_taken_away_by_a_command(app: Flask) -> None:
    number = user("kari@example.org")
    with_app(number)
    assert run(app, "users", "reset-factor", "Kari@example.org").exit_code == 0
    assert [accounts.factor(number), [one.occasion for one in all_letters()]] == [None, ["factor_reset"]]
    assert run(app, "users", "reset-factor", "ingen@example.org").exit_code == 1


def test_the_worker_delivers_once_and_stops(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    result = run(app, "worker", "--once")
    assert (result.exit_code, result.output, [str(one.state) for one in all_letters()]) == (
        0,
        "3 letters taken up\n",
        ["sent"] * 3,
    )


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(app: Flask) -> None:
    result = run(app, "doctor")
    wrong = [line.split(":")[0] for line in result.output.splitlines() if line.startswith("FEIL")]
    assert (result.exit_code, wrong) == (1, ["FEIL  worker", "FEIL  base address", "FEIL  mail"])
    assert "start 'flask worker'" in result.output
    assert "COURSEAPP_MAIL_SERVER" in result.output


def test_the_doctor_is_content_when_all_is_well(app: Flask, tmp_path: Path, time: Clock) -> None:
    deliver(tmp_path, time)
    known = app.extensions["courseapp.settings"]
    with smtp.server() as office:
        mail = replace(known.mail, server="127.0.0.1", port=office.port)
        app.extensions["courseapp.settings"] = replace(known, mail=mail, base_url="https://kurs.example.org")
        result = run(app, "doctor")
    assert (result.exit_code, "FEIL" in result.output) == (0, False)


def test_the_doctor_notices_a_mail_server_that_is_away(app: Flask) -> None:
    known = app.extensions["courseapp.settings"]
    mail = replace(known.mail, server="127.0.0.1", port=smtp.free_port())
    app.extensions["courseapp.settings"] = replace(known, mail=mail)
    assert "does not answer" in run(app, "doctor").output


def test_what_is_due_is_said_first_and_forgotten_then(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event(), dietary_needs="Melk"))
    time.pass_by(days=1000)
    said = ("Matallergi og kosthensyn: 1 ved 1 arrangementer", "Personopplysninger: 1 ved 1 arrangementer")
    for _twice in range(2):
        assert run(app, "retention", "--dry-run").output.splitlines()[:2] == list(said)
    lines = run(app, "retention").output.splitlines()
    assert lines[:3] == ["Ryddet: 2", "Matallergi og kosthensyn: 0", "Personopplysninger: 0"]


def test_a_copy_is_named_after_its_moment_and_old_ones_go(app: Flask, tmp_path: Path, time: Clock) -> None:
    for name in ("courseapp-2026-12-01T000000Z.db", "courseapp-2026-12-31T000000Z.db", "other-2020.db"):
        (tmp_path / name).write_text("old")
    result = run(app, "backup", "--into", str(tmp_path), "--keep-days", "30")
    assert (result.exit_code, "1 older copies deleted" in result.output) == (0, True)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "courseapp-2026-12-31T000000Z.db",
        "courseapp-2027-01-11T090000Z.db",
        "other-2020.db",
    ]
    assert (tmp_path / "courseapp-2027-01-11T090000Z.db").stat().st_mode & 0o777 == 0o600


def test_a_copy_comes_back_only_when_nobody_works(app: Flask, tmp_path: Path) -> None:
    registrations.sign_up(wish(make_event()))
    copy = str(tmp_path / "copy.db")
    assert run(app, "backup", copy).exit_code == 0
    run(app, "worker", "--once")
    refused = run(app, "restore", copy, "--yes")
    assert (refused.exit_code, "Stop web server and worker first" in refused.output) == (1, True)


def test_a_copy_comes_back_after_a_question(app: Flask, tmp_path: Path) -> None:
    registrations.sign_up(wish(make_event()))
    copy = str(tmp_path / "copy.db")
    run(app, "backup", copy)
    registrations.sign_up(wish(make_event(slug="til"), 2))
    assert (run(app, "restore", copy, given="n\n").exit_code, len(all_letters())) == (1, 6)
    assert (run(app, "restore", copy, given="y\n").exit_code, len(all_letters())) == (0, 3)


def test_a_copy_needs_exactly_one_place(app: Flask, tmp_path: Path) -> None:
    both = run(app, "backup", "x", "--into", str(tmp_path))
    assert (run(app, "backup").exit_code, both.exit_code) == (2, 2)

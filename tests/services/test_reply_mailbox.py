"""Answers from calendars are read over IMAP: nothing is lost, nothing is kept twice, whatever the server does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from courseapp.calendar import reply
from courseapp.config import ImapSettings
from courseapp.mail import imap
from courseapp.services import replies
from courseapp.services.replies import Read
from tests.conftest import settings_for
from tests.imap import PASSWORD, USERNAME, Box, serving
from tests.services.test_replies import calendar, kept, mail, uids
from tests.smtp import free_port

__all__ = ["uids"]


@pytest.fixture
def box() -> Iterator[Box]:
    with serving(Box()) as running:
        yield running


def settings(box: Box, **more: object) -> ImapSettings:
    plain = ImapSettings(
        host="127.0.0.1", port=box.port, username=USERNAME, password=PASSWORD, folder="INBOX", use_ssl=False
    )
    return replace(plain, **more)  # type: ignore[arg-type] # the names are the dataclass's own


def read(box: Box, **more: object) -> Read:
    with imap.opened(settings(box, **more), timeout=5) as opened:
        return replies.take_in_from(opened)


def answer(uid: str, number: int) -> bytes:
    return mail(calendar(uid), f"<{number}@outlook.example.com>")


def test_unread_mails_are_kept_and_then_marked(app: Flask, uids: list[str], box: Box) -> None:
    box.fill(answer(uids[0], 1), b"Subject: Hei\r\n\r\nHei", answer(uids[1], 3))
    box.seen = {3}
    assert read(box) == Read(kept=1, known=0, left=1)
    assert (len(kept()), box.seen) == (1, {1, 2, 3})
    assert read(box) == Read(kept=0, known=0, left=0)
    stored = [one for one in box.asked if "STORE" in one]
    assert stored == [r"UID STORE 1 +FLAGS.SILENT (\Seen)", r"UID STORE 2 +FLAGS.SILENT (\Seen)"]
    assert box.asked[-1] == "LOGOUT"


def test_the_oldest_are_read_first_and_a_run_has_an_end(app: Flask, uids: list[str], box: Box) -> None:
    box.fill(*(answer(uids[0], number) for number in range(5)))
    with imap.opened(settings(box)) as opened:
        assert replies.take_in_from(opened, most=2) == Read(kept=2, known=0, left=0)
    assert box.seen == {1, 2}
    assert read(box) == Read(kept=3, known=0, left=0)


def test_a_giant_mail_is_never_fetched(app: Flask, uids: list[str], box: Box) -> None:
    giant = b"X" * (reply.MOST_BYTES + 1)
    box.fill(giant, answer(uids[0], 2), giant)
    box.sizes[3] = 10  # a server that is wrong about it
    assert read(box) == Read(kept=1, known=0, left=2)
    assert ([one for one in box.asked if "UID FETCH 1 (BODY" in one], box.seen) == ([], {1, 2, 3})
    assert f"UID FETCH 3 (BODY.PEEK[]<0.{reply.MOST_BYTES + 1}>)" in box.asked


def test_broken_mails_stop_nobody(app: Flask, uids: list[str], box: Box) -> None:
    box.fill(b"", b"\x00\xff" * 50, b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR", answer(uids[0], 4))
    assert read(box) == Read(kept=1, known=0, left=3)
    assert box.seen == {1, 2, 3, 4}


def test_a_mail_that_is_gone_meanwhile_stops_nobody(app: Flask, uids: list[str], box: Box) -> None:
    box.fill(b"x", answer(uids[0], 2))
    with imap.opened(settings(box)) as opened:
        found = opened.unread()
        del box.mails[1]
        assert (found, opened.mail("1", 100)) == (["1", "2"], None)


@pytest.mark.parametrize(
    ("moods", "seen"),
    [
        ({"hang_up_at": "UID FETCH 2 (BODY"}, {1}),
        ({"hang_up_at": "UID STORE 2"}, {1}),
        ({"hang_up_after": "UID STORE 2"}, {1, 2}),
        ({"hang_up_at": "UID SEARCH"}, set()),
    ],
    ids=["before the mail", "before the mark", "after the mark", "before the search"],
)
def test_a_line_that_is_cut_loses_and_doubles_nothing(
    app: Flask, uids: list[str], box: Box, moods: dict[str, str], seen: set[int]
) -> None:
    box.fill(*(answer(uids[0], number) for number in (1, 2, 3)))
    for name, value in moods.items():
        setattr(box, name, value)
    with pytest.raises(imap.MailboxError, match="ble brutt"):
        read(box)
    assert box.seen == seen
    assert len(kept()) >= len(seen)
    again = read(box)
    assert (again.kept + again.known, len(kept()), box.seen) == (3 - len(seen), 3, {1, 2, 3})


def test_nothing_is_marked_before_it_is_committed(
    app: Flask, uids: list[str], box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.fill(answer(uids[0], 1))

    def full(*_args: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(replies, "_keep", full)
        with pytest.raises(RuntimeError):
            read(box)
    assert (kept(), box.seen) == ([], set())
    assert read(box).kept == 1


def test_what_the_server_refuses_is_said_without_the_password(app: Flask, box: Box) -> None:
    cases: list[tuple[dict[str, object], str]] = [
        ({"password": "feil-hemmelig"}, f"127.0.0.1:{box.port} godtar ikke brukernavn og passord."),
        ({"folder": "Finnes ikke"}, "Postkassen svarte nei på SELECT Finnes ikke."),
    ]
    for more, said in cases:
        with pytest.raises(imap.MailboxError) as problem:
            read(box, **more)
        assert str(problem.value) == said
    port = free_port()
    with pytest.raises(imap.MailboxError, match=f"^Får ikke kontakt med 127.0.0.1:{port}: "):
        read(box, port=port)
    with pytest.raises(imap.MailboxError, match=r"^Får ikke kontakt med"):  # it speaks no TLS
        read(box, use_ssl=True)


def test_a_silent_server_is_given_up(app: Flask) -> None:
    with (
        serving(Box(silent=threading.Event())) as box,
        pytest.raises(imap.MailboxError, match="timed out"),
        imap.opened(settings(box), timeout=0.3),
    ):
        pass


def run(app: Flask, database_url: str, folder: Path, **environ: str) -> Result:
    app.extensions["courseapp.settings"] = settings_for(database_url, folder, **environ)
    return app.test_cli_runner().invoke(args=["read-replies"])


def test_the_command_reads_the_mailbox_of_the_settings(
    app: Flask, uids: list[str], box: Box, database_url: str, tmp_path: Path
) -> None:
    box.fill(answer(uids[0], 1), b"Hei")
    box.folders = ("Svar fra kalendere",)
    told = {
        "COURSEAPP_REPLIES_IMAP_HOST": "127.0.0.1",
        "COURSEAPP_REPLIES_IMAP_PORT": str(box.port),
        "COURSEAPP_REPLIES_IMAP_USERNAME": USERNAME,
        "COURSEAPP_REPLIES_IMAP_PASSWORD": PASSWORD,
        "COURSEAPP_REPLIES_IMAP_FOLDER": "Svar fra kalendere",
        "COURSEAPP_REPLIES_IMAP_USE_SSL": "0",
    }
    result = run(app, database_url, tmp_path, **told)
    assert (result.exit_code, result.output) == (0, "1 svar lagret, 0 kjent fra før, 1 andre e-poster latt ligge\n")
    wrong = run(app, database_url, tmp_path, **{**told, "COURSEAPP_REPLIES_IMAP_PASSWORD": "feil-hemmelig"})
    assert (wrong.exit_code, "godtar ikke" in wrong.output, "feil-hemmelig" in wrong.output) == (1, True, False)
    without = run(app, database_url, tmp_path)
    assert (without.exit_code, "COURSEAPP_REPLIES_IMAP_HOST" in without.output) == (1, True)

"""Who is let in where: the kinds of visitors, a walk past every address as each of them, and the table of what came."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.models.journal import WorkerPulse
from tests.lived_in import LivedIn, live_in
from tests.pages import Visitor
from tests.people import logged_in

KINDS = (
    "nobody",
    "participant",
    "course leader",
    "reader",
    "national reader",
    "organizer of another office",
    "organizer of a partner office",
    "organizer",
    "administrator",
    "national administrator",
)
DESK = {
    "reader": ("nord", UserRole.READER),
    "national reader": (None, UserRole.READER),
    "organizer of another office": ("ost", UserRole.ORGANIZER),
    "organizer of a partner office": ("midt", UserRole.ORGANIZER),
    "organizer": ("nord", UserRole.ORGANIZER),
    "administrator": ("nord", UserRole.ADMINISTRATOR),
    "national administrator": (None, UserRole.ADMINISTRATOR),
}
LETS_IN = {200, 302, 303, 400, 422}
"""Refused with a sentence (422, and 400 for a button that is not there) is let in: the page told its visitor why."""

FORGED = "WzEsMV0.forged"
FIXED = {"kind": "veilederkurs", "occasion": "confirmation", "ending": "csv", "name": "css/base.css", "page": "grupper"}
SLUGS = {"office.figures.behind": "veilederkurs"}
ABOUT_ONE_OFFICE = ("office.reports.", "office.figures.", "office.activities.", "office.doubles.")
SECRETS = {
    "public.my_registration.certificate": "there",
    "public.my_data.erase": "there",
    "public.feeds.private": "feed",
    "public.check_in.show": "check_in",
    "public.evaluation.answer": "evaluation",
}
"""Whose secret a participant needs, where it is not that of her own page."""


@dataclass
class Walk:
    """Somebody goes past every address of the same lived-in office; what changes is put back before the next."""

    app: Flask
    kind: str
    visitor: Visitor
    world: LivedIn
    other: LivedIn
    file: Path
    before: sqlite3.Connection
    _token: str = field(default="")

    def done(self) -> None:
        """Let go of the copy."""
        self.before.close()

    def token(self) -> str:
        """A token that every form of this visitor believes."""
        self._token = self._token or self.visitor.token("/finn")
        return self._token

    def fares(self, method: str, rule: Rule) -> str:
        """How she fares: y, l (sent to the log-in) or n (404); any other answer is told as it is."""
        path = address(rule, self.world, self.kind)
        data = {"csrf_token": self.token(), **self.fields(rule.endpoint)} if method == "POST" else None
        changed, answer = self.ask(method, path, data)
        fared = said(answer)
        if rule.endpoint == "office.auth.log_out":
            self._token, fared = "", "y" if fared == "l" else fared
        assert fared == "y" or not changed, f"{method} {path} was refused, and changed something all the same"
        return fared

    def ask(self, method: str, path: str, data: dict[str, Any] | None) -> tuple[bool, TestResponse]:
        """Whether asking changed anything (it is put back), and the answer."""
        before = self._written()
        answer = self.visitor.ask(method, path, data=data)
        changed = self._written() != before
        if changed:
            self._put_back()
        return changed, answer

    def fields(self, endpoint: str) -> dict[str, Any]:
        """What a form must hold for the question of access to be asked at all."""
        seated = self.world.ids["registration_id"]
        return {
            "office.activities.copy": {"linje": self.world.slugs["activity"]},
            "office.applications.person": {"act": "move"},
            "office.attendance.hours": {"person": seated, "hours": "9", "why": "Etter avtale"},
            "office.attendance.mark": {"state": "present", "tap": "a tap"},
            "leader.attendance.mark": {"state": "present", "tap": "a tap"},
            "office.certificates.replace": {"reason": "Navnet var feil"},
            "office.certificates.revoke": {"reason": "Navnet var feil"},
            "office.doubles.settle": {"rad": self.other.slugs["activity"]},
            "office.groups.move": {"person": seated, "to": "g1"},
            "office.line.person": {"act": "cancel", "reason": "Ringte og ba om det"},
            "office.overview.show": {"act": "close"},
        }.get(endpoint, {})

    def _written(self) -> int:
        with closing(sqlite3.connect(self.file)) as line:
            return int(line.execute("SELECT count FROM written").fetchone()[0])

    def _put_back(self) -> None:
        db.session.rollback()
        db.engine.dispose()
        with closing(sqlite3.connect(self.file)) as line:
            self.before.backup(line)


def begin(app: Flask, kind: str) -> Walk:
    """Two offices are lived in, one with a partner; somebody stands at the door."""
    world, other = live_in("nord", partner="midt"), live_in("ost")
    office, role = DESK.get(kind, ("", UserRole.READER))
    visitor = logged_in(app, office=office, role=role) if kind in DESK else Visitor(app)
    with transaction() as tx:
        tx.add(WorkerPulse(id=1, at=clock.now()))
    file = Path(str(db.engine.url.database))
    _count_writes(file)
    before = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(file)) as line:
        line.backup(before)
    return Walk(app, kind, visitor, world, other, file, before)


def _count_writes(file: Path) -> None:
    """Let the database itself count what is written, but for who read what and how often something was tried.

    Those two are written for the refused as well, and should be.
    """
    quiet = {"audit_entry", "try_count", "alembic_version"}
    with closing(sqlite3.connect(file)) as line, line:
        tables = [row[0] for row in line.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        line.execute("CREATE TABLE written (count INTEGER)")
        line.execute("INSERT INTO written VALUES (0)")
        for table in {one for one in tables if not one.startswith("sqlite_")} - quiet:
            for act in ("INSERT", "UPDATE", "DELETE"):
                line.execute(
                    f'CREATE TRIGGER "written_{table}_{act}" AFTER {act} ON "{table}" '
                    "BEGIN UPDATE written SET count = count + 1; END"
                )


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method and address, in the order of addresses; log-out last, or what comes after it shows nothing."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.endpoint == "office.auth.log_out", one.rule)):
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            yield method, rule


def address(rule: Rule, world: LivedIn, kind: str, **instead: Any) -> str:
    """The path somebody of that kind asks for: of an office's real things, with the secret that is hers.

    `instead`: what shall stand there in the place of the real thing.
    """
    told = {**FIXED, **world.told(rule.endpoint), **_secrets(rule.endpoint, world, kind)}
    told["slug"] = SLUGS.get(rule.endpoint, told["slug"])
    if rule.endpoint.startswith("office.oidc."):
        told["name"] = "oslo"
    if rule.endpoint == "public.certificates.show":
        told["number"] = world.ids["certificate"]
    told |= instead
    built = rule.build({name: told[name] for name in rule.arguments})
    assert built is not None, rule
    return f"{built[1]}?kontor={world.office}" if rule.endpoint.startswith(ABOUT_ONE_OFFICE) else str(built[1])


def _secrets(endpoint: str, world: LivedIn, kind: str) -> dict[str, str]:
    secret = FORGED
    if kind == "course leader":
        secret = world.keys["leader"]
    if kind == "participant":
        secret = world.keys[SECRETS.get(endpoint, "participant")]
    return {"key": secret, "token": secret}


def said(answer: TestResponse) -> str:
    """An answer as a letter of the table, or its status where it is none of those that may come."""
    if answer.status_code == 303 and str(answer.headers["Location"]).startswith("/kontor/logg-inn"):
        return "l"
    if answer.status_code == 404:
        return "n"
    return "y" if answer.status_code in LETS_IN else str(answer.status_code)

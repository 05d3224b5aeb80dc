"""The demo as people meet it: a filled database, a real server, a postman when a test wants one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound

from courseapp.app import create_app
from courseapp.db import db, transaction
from courseapp.domain.access import Actor
from courseapp.domain.event import EventStatus, SeatRule
from courseapp.domain.registration import Status
from courseapp.mail import postman
from courseapp.models.account import User
from courseapp.models.event import Event, EventSession
from courseapp.models.logging_in import UserSession
from courseapp.models.registration import CalendarReply
from courseapp.queries import applications as looks
from courseapp.services import applications, demo, registrations
from tests.conftest import settings_for
from tests.keys import key_of
from tests.letters import all_letters
from tests.load.servers import FORM, Client, web
from tests.making import make_event
from tests.people import ALWAYS, join

HOST = "kurs.example.org"  # what the settings of all tests call it; the browser is told where that is
ORIGIN = f"http://{HOST}"
ORGANIZER = demo.DEMO_LOG_INS[0]


def real_time() -> datetime:
    """The server is a process of its own and lives in real time; so does what is made for it."""
    return datetime.now(UTC)


@dataclass
class Site:
    """The running demo, and what a test may ask of it behind the browser's back."""

    app: Flask
    port: int
    mail_folder: Path
    _logged_in: dict[str, dict[str, str]] = field(default_factory=dict)

    def slug(self, place: str) -> str:
        """The published event at that place."""
        with self.app.app_context():
            here = select(Event.slug).join(EventSession).where(EventSession.place == place)
            return db.session.scalars(here.where(Event.status == EventStatus.PUBLISHED).distinct()).one()

    def sign_up(self, place: str, email: str) -> dict[str, str]:
        """Somebody signs up; the cookies of that browser."""
        path = f"/arrangementer/{self.slug(place)}/pamelding"
        with closing(Client(self.port)) as client:
            told = {**FORM, "csrf_token": client.token(path), "first_name": "Åse", "email": email, "mode": "digital"}
            assert client.post(path, told)[0] == 303
            return client.cookies

    def mine(self, email: str) -> str:
        """The path of the secret link of an address."""
        with self.app.app_context():
            return f"/min/{key_of(email)}"

    def cancel(self, email: str) -> None:
        """That person cancels."""
        path = f"{self.mine(email)}/avmeld"
        with closing(Client(self.port)) as client:
            assert client.post(path, {"csrf_token": client.token(path)})[0] == 303

    def full(self) -> None:
        """A course of the demo's organizer at which two wait for the only seat, made once."""
        with self.app.app_context():
            if db.session.scalar(select(Event.id).where(Event.slug == "fullt-kurs")) is None:
                event = make_event(slug="fullt-kurs", capacity=1, starts=(real_time() + timedelta(days=90),))
                join(event, 1)
                join(event, 2, first=2, status=Status.WAITLISTED)

    def decided(self) -> None:
        """A course of the demo's organizer whose applications are decided, made once."""
        with self.app.app_context():
            if db.session.scalar(select(Event.id).where(Event.slug == "avgjort-kurs")) is None:
                starts = (real_time() + timedelta(days=95),)
                event = make_event(slug="avgjort-kurs", capacity=1, starts=starts, seat_rule=SeatRule.APPLICATION)
                join(event, 2, status=Status.APPLIED, line_no=None, supervises=[])
                user_id = db.session.scalars(select(User.id).where(User.email == ORGANIZER.email)).one()
                actor = Actor(
                    user_id=user_id, name=ORGANIZER.name, roles=((event.office_id, ORGANIZER.role),), national=None
                )
                shown = looks.ranked(actor, event.slug, real_time()).shown.text()
                applications.decide(event.slug, shown, actor)

    def busy(self) -> None:
        """A course of the demo's organizer on the day of another that has leaders, made once."""
        with self.app.app_context():
            if db.session.scalar(select(Event.id).where(Event.slug == "samme-dag")) is None:
                led = select(EventSession.starts_at).join(Event).where(EventSession.place == "Bodø")
                starts = db.session.scalars(led.where(Event.status == EventStatus.PUBLISHED)).first()
                assert starts is not None
                make_event(slug="samme-dag", title="Samme dag", starts=(starts,), status=EventStatus.DRAFT)

    def declined(self) -> None:
        """A course of the demo's organizer where somebody said no in the calendar, made once."""
        with self.app.app_context():
            if db.session.scalar(select(Event.id).where(Event.slug == "avslatt-kurs")) is None:
                event = make_event(slug="avslatt-kurs", starts=(real_time() + timedelta(days=99),))
                (person,) = join(event, 1)
                with transaction() as tx:
                    tx.add(
                        CalendarReply(
                            registration_id=person,
                            session_id=event.sessions[0].id,
                            partstat="DECLINED",
                            replied_at=real_time(),
                            message_id="<avslag@example.org>",
                        )
                    )

    def letter(self, email: str) -> str:
        """The path of the first letter to an address."""
        with self.app.app_context():
            return next(f"/postkasse/{one.id}" for one in all_letters() if one.to_email == email)

    def log_in(self, context: BrowserContext, who: demo.DemoLogIn = ORGANIZER) -> None:
        """The demo's organizer, or another of its users, is logged in, once for all tests of this process."""
        path = "/kontor/logg-inn"
        if who.email not in self._logged_in:
            with closing(Client(self.port)) as client:
                told = {"csrf_token": client.token(path), "email": who.email, "password": who.password}
                assert client.post(path, told)[0] == 303
                self._logged_in[who.email] = client.cookies
            self.stays_logged_in()
        enter(context, self._logged_in[who.email])

    def stays_logged_in(self) -> None:
        """All the tests of a process may take longer than a log-in does."""
        with self.app.app_context(), transaction() as tx:
            told = {"last_seen_at": ALWAYS, "ends_at": ALWAYS, "confirmed_at": ALWAYS}
            tx.execute(update(UserSession).where(UserSession.confirmed_at.is_not(None)).values(**told))

    def logged_out(self) -> None:
        """The log-in that is kept here was ended by a test."""
        self._logged_in.clear()

    def deliver(self) -> None:
        """The postman's round."""
        with self.app.app_context():
            registrations.send_asked_links()
            while postman.deliver_due(self.mail_folder, real_time):
                pass

    def endpoint(self, address: str) -> str | None:
        """Which page an address is."""
        try:
            found, _arguments = self.app.url_map.bind(HOST).match(urlsplit(address).path)
        except NotFound:
            return None
        return str(found)

    def rule(self, address: str) -> str:
        """The pattern of an address, or just its path where no page is."""
        path = urlsplit(address).path
        try:
            found, _arguments = self.app.url_map.bind(HOST).match(path, return_rule=True)
        except NotFound:
            return path
        return found.rule


def enter(context: BrowserContext, cookies: dict[str, str]) -> None:
    """Give a browser the cookies of another."""
    context.add_cookies([{"name": name, "value": value, "url": ORIGIN} for name, value in cookies.items()])


@contextmanager
def running(template: Path, folder: Path) -> Iterator[Site]:
    """The demo, filled as of now and served by one process of four threads."""
    shutil.copy(template, folder / "courseapp.db")
    settings = settings_for(
        f"sqlite:///{folder / 'courseapp.db'}", folder, COURSEAPP_DEMO="1", COURSEAPP_WEB_WORKERS="1"
    )
    app = create_app(settings)
    with app.app_context():
        assert demo.fill(real_time()) is not None
    with web(settings, COURSEAPP_DEMO="1") as server:
        yield Site(app, server.port, folder / "mail")
    with app.app_context():
        db.engine.dispose()


def number_in(text: str) -> int:
    """The only number of a sentence."""
    (found,) = re.findall(r"\d+", text)
    return int(found)

"""A course of the demo's organizer that is over: kursbevis for two, and three who said what they thought."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.evaluation import Answer
from courseapp.links import links
from courseapp.models.account import User
from courseapp.models.attendance import Attendance
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event
from courseapp.queries import accounts
from courseapp.services import certificates, evaluation
from tests.browser.site import ORGANIZER, Site, real_time
from tests.making import make_event
from tests.people import join

SLUG = "holdt-kurs"


def held(site: Site) -> int:
    """Made once; the number of the first kursbevis in the register."""
    with site.app.app_context():
        if db.session.scalar(select(Event.id).where(Event.slug == SLUG)) is None:
            _hold(make_event(slug=SLUG, starts=(real_time() - timedelta(days=3),)))
        return _first().id


def check_address(site: Site) -> str:
    """Where the first kursbevis can be checked."""
    held(site)
    with site.app.app_context():
        found = _first()
        return urlsplit(links().certificate(found.number, found.code))._replace(scheme="", netloc="").geturl()


def evaluation_address(site: Site) -> str:
    """Where the course is evaluated."""
    held(site)
    with site.app.app_context():
        event_id = db.session.scalars(select(Event.id).where(Event.slug == SLUG)).one()
        return urlsplit(links().evaluation(event_id)).path


def _first() -> Certificate:
    return db.session.scalars(select(Certificate).order_by(Certificate.id).limit(1)).one()


def _hold(event: Event) -> None:
    people = join(event, 3)
    with transaction() as tx:
        for one in people[:2]:
            for session in event.sessions:
                tx.add(
                    Attendance(
                        registration_id=one,
                        session_id=session.id,
                        state=AttendanceState.PRESENT,
                        marked_at=real_time(),
                    )
                )
    user = db.session.scalars(select(User).where(User.email == ORGANIZER.email)).one()
    organizer = accounts.actor(user.id)
    assert organizer is not None
    certificates.issue(event.slug, actor=organizer)
    token = links().evaluation(event.id).rpartition("/")[2]
    for score in (3, 4, 5):
        scores = {session.id: score for session in event.sessions}
        evaluation.answer(token, Answer(scores=scores, good="Øvelsene i små grupper", better=""))

"""Things to test with, made in the database through the models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Reason, Role, Supervises
from courseapp.domain.rows import PersonDetails, SignUp
from courseapp.models.event import Approval, Event, EventSession
from courseapp.models.office import Office

COURSE_DAYS = (datetime(2027, 3, 22, 8, 0, tzinfo=UTC), datetime(2027, 4, 22, 7, 0, tzinfo=UTC))
TITLE = "Kurs i individuell veiledning i spesialistutdanningen for leger"


def make_event(*, office: str = "nord", starts: tuple[datetime, ...] = COURSE_DAYS, **more: Any) -> Event:
    """A published veilederkurs at Bodø, two single days a month apart (one in winter time, one in summer time)."""
    with transaction() as tx:
        facts: dict[str, Any] = {
            "slug": f"veilederkurs-{tx.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0}",
            "kind": EventKind.VEILEDERKURS,
            "status": EventStatus.PUBLISHED,
            "title": TITLE,
            "capacity": 30,
            "report_table": ReportTable.COURSES,
            "closes_at": starts[0] - timedelta(days=7),
            "created_at": clock.now(),
            "updated_at": clock.now(),
            **more,
        }
        event = Event(office=tx.scalars(select(Office).where(Office.slug == office)).one(), **facts)
        event.starts_at, event.ends_at = starts[0], starts[-1] + timedelta(hours=7)
        event.sessions = [_session(start) for start in starts]
        if event.kind is EventKind.VEILEDERKURS:
            event.approvals = [
                Approval(position=1, text="i spesialistutdanningen i samfunnsmedisin", minutes=1080),
                Approval(
                    position=2, text="som klinisk emnekurs i videre- og etterutdanningen i allmennmedisin", minutes=1080
                ),
            ]
        tx.add(event)
        tx.flush()
        _ = event.office.name
    return event


def _session(start: datetime) -> EventSession:
    return EventSession(
        starts_at=start,
        ends_at=start + timedelta(hours=7),
        place="Møterom Ås",
        address="Sjøgata 1; 8006 Bodø",
        minutes=540,
        updated_at=clock.now(),
    )


def person(number: int = 1, **more: Any) -> PersonDetails:
    """An invented doctor; each number has an address of its own."""
    told: dict[str, Any] = {
        "first_name": "Kåre",
        "last_name": f"Ødegård {number}",
        "email": f"kare{number}@lege.example.org",
        "mobile": "+4791234567",
        "primary_role": Role.ALIS,
        "other_roles": (),
        "workplace": "Havna legekontor",
        "municipality": "Bodø",
        "district": "",
        "hpr_number": "",
        "supervises": (Supervises.LIS1,),
        "reason": Reason.SUPERVISOR,
        "note": "",
        "dietary_needs": "",
        **more,
    }
    return PersonDetails(**told)


def wish(event: Event, number: int = 1, **more: Any) -> SignUp:
    """That doctor's wish for a place."""
    return SignUp(event_id=event.id, person=person(number, **more))


LINK = "https://video.example.org/konferansen"


def make_hybrid(capacity: int | None = 1, digital_capacity: int | None = None, **more: Any) -> Event:
    """A published conference in a room at Bodø and in a video meeting, one day in March."""
    facts = {"kind": EventKind.CONFERENCE, "title": "Konferansen", "starts": COURSE_DAYS[:1], **more}
    event = make_event(capacity=capacity, hybrid=True, digital_capacity=digital_capacity, **facts)
    with transaction() as tx:
        for session in tx.get_one(Event, event.id).sessions:
            session.video_url = LINK
    return event


def wish_in(event: Event, mode: Mode | None, number: int = 1, **more: Any) -> SignUp:
    """That doctor's wish for a place in one of the two rooms."""
    return SignUp(event_id=event.id, person=person(number, **more), mode=mode)

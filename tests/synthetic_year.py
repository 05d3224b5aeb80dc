"""A year of invented courses, as plain facts: drawn from a seed, written to the database, and counted without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.db import transaction
from courseapp.domain.attendance import AttendanceState, HoursRule
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.registration import Role, Status
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event, EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import RegistrationRole
from tests.conftest import NOW
from tests.making import make_event
from tests.people import registered, share, user

OFFICES = ("nord", "ost", "sor")
SESSION_MINUTES = 540
"""What each day of a course gives."""
MARKS: tuple[str | int, ...] = ("present", "present", "present", "absent", 60, SESSION_MINUTES)


@dataclass
class Doctor:
    """One registration: `marks` has «present», «absent», minutes, or None for each day."""

    status: Status
    role: Role
    other: Role | None
    municipality: str
    queued: bool
    marks: list[str | int | None] = field(default_factory=list)
    granted: int | None = None


@dataclass
class Course:
    """One event: `off` is the index of a day that was called off; `scores` has a list for each answer."""

    slug: str
    office: str
    partner: str
    kind: EventKind
    status: EventStatus
    capacity: int | None
    days: int
    off: int | None
    every_day_counts: bool
    doctors: list[Doctor]
    leaders: list[str]
    scores: list[list[int]]

    @property
    def counts(self) -> bool:
        """Held, and not called off."""
        return self.status is not EventStatus.CANCELLED

    @property
    def going(self) -> list[int]:
        """The days that took place."""
        return [day for day in range(self.days) if day != self.off]


def draw(seed: int) -> list[Course]:
    """A dozen courses of three offices: shared, overbooked, called off, unmarked, half marked, with drop-ins."""
    luck = Random(seed)
    return [_course(luck, number) for number in range(12)]


def _course(luck: Random, number: int) -> Course:
    office = luck.choice(OFFICES)
    days = luck.choice([1, 2, 2])
    capacity = luck.choice([4, 8, 12, None])
    marked = luck.choice(["all", "all", "some", "none"])
    seats = luck.randint(0, (capacity or 9) + 2)  # two more than there are: overbooked, or came without signing up
    statuses = [Status.REGISTERED] * seats + luck.choices(
        [Status.WAITLISTED, Status.CANCELLED, Status.DECLINED, Status.APPLIED], k=luck.randint(0, 5)
    )
    return Course(
        slug=f"kurs-{number}",
        office=office,
        partner=luck.choice(["", "", *(one for one in OFFICES if one != office)]),
        kind=luck.choice([EventKind.VEILEDERKURS, EventKind.VEILEDERKURS, EventKind.WEBINAR]),
        status=luck.choice([EventStatus.HELD, EventStatus.PUBLISHED, EventStatus.CLOSED, EventStatus.CANCELLED]),
        capacity=capacity,
        days=days,
        off=luck.choice([None, None, 1]) if days == 2 else None,
        every_day_counts=luck.random() < 0.3,
        doctors=[_doctor(luck, status, days, marked) for status in statuses],
        leaders=luck.sample(["ane", "bo", "eva"], k=luck.randint(0, 2)),
        scores=[[luck.randint(1, 5) for _day in range(days)] for _answer in range(luck.randint(0, 5))],
    )


def _doctor(luck: Random, status: Status, days: int, marked: str) -> Doctor:
    seated = status is Status.REGISTERED
    has_marks = seated and (marked == "all" or (marked == "some" and luck.random() < 0.5))
    return Doctor(
        status=status,
        role=luck.choice(list(Role)),
        other=luck.choice([None, None, *Role]),
        municipality=luck.choice(["Bodø", "Alta", "Skien", ""]),
        queued=status is Status.WAITLISTED or luck.random() < 0.2,
        marks=[luck.choice(MARKS) for _day in range(days)] if has_marks else [None] * days,
        granted=luck.choice([None, None, None, 300, 5000]) if seated else None,
    )


def write(courses: Iterable[Course]) -> None:
    """Put it all into the database, as the services leave it."""
    user_id = user("kari@nord.example.org")
    for number, course in enumerate(courses):
        first = datetime(2026, 2, 2, 8, tzinfo=UTC) + timedelta(days=7 * number)
        event = make_event(
            slug=course.slug,
            office=course.office,
            kind=course.kind,
            status=course.status,
            capacity=course.capacity,
            starts=tuple(first + timedelta(days=day) for day in range(course.days)),
            hours_rule=HoursRule.EACH_SESSION if course.every_day_counts else HoursRule.ALL_SESSIONS,
            report_table=ReportTable.COURSES if course.kind is EventKind.VEILEDERKURS else ReportTable.NATIONAL,
        )
        if course.partner:
            share(event, course.partner)
        _write(event, course, user_id)


def _leader(tx: Session, office_id: int, email: str) -> CourseLeader:
    """The same in two offices is two rows, and one of them writes her address with a capital."""
    email = email.capitalize() if office_id % 2 else email
    known = tx.scalar(select(CourseLeader).where(CourseLeader.office_id == office_id, CourseLeader.email == email))
    leader = known or CourseLeader(office_id=office_id, name=email, email=email)
    tx.add(leader)
    tx.flush()
    return leader


def _write(event: Event, course: Course, user_id: int) -> None:
    with transaction() as tx:
        office_id = tx.scalars(select(Office.id).where(Office.slug == course.office)).one()
        if course.off is not None:
            tx.get_one(Event, event.id).sessions[course.off].cancelled = True
        for position, name in enumerate(course.leaders, start=1):
            leader = _leader(tx, office_id, f"{name}@example.org")
            tx.add(EventLeader(event_id=event.id, leader_id=leader.id, position=position))
        for number, doctor in enumerate(course.doctors, start=1):
            row = registered(
                event,
                number,
                status=doctor.status,
                primary_role=doctor.role,
                municipality=doctor.municipality,
                line_no=number if doctor.queued else None,
            )
            if doctor.other not in {None, doctor.role}:
                row.other_roles = [RegistrationRole(role=doctor.other, position=1)]
            tx.add(row)
            tx.flush()
            for session, mark in zip(event.sessions, doctor.marks, strict=True):
                if mark is not None:
                    state = AttendanceState.PARTLY if isinstance(mark, int) else AttendanceState(mark)
                    minutes = mark if isinstance(mark, int) else None
                    tx.add(
                        Attendance(
                            registration_id=row.id, session_id=session.id, state=state, minutes=minutes, marked_at=NOW
                        )
                    )
            if doctor.granted is not None:
                tx.add(HoursGrant(registration_id=row.id, minutes=doctor.granted, note="Lege", user_id=user_id, at=NOW))
        for scores in course.scores:
            by_session = {str(one.id): score for one, score in zip(event.sessions, scores, strict=True)}
            tx.add(EvaluationAnswer(event_id=event.id, day=date(2026, 9, 1), scores=by_session, good="", better=""))


def seated(course: Course) -> list[Doctor]:
    """Those with a seat."""
    return [one for one in course.doctors if one.status is Status.REGISTERED]


def marked(course: Course) -> list[Doctor]:
    """Those with a seat about whom anything was written down."""
    return [one for one in seated(course) if any(mark is not None for mark in one.marks)]


def there(course: Course) -> list[Doctor]:
    """Those who were there at least once."""
    return [one for one in marked(course) if any(mark not in {None, "absent"} for mark in one.marks)]


def taking_part(course: Course) -> list[Doctor]:
    """Those a report counts."""
    return there(course) if marked(course) else seated(course)


def people(course: Course) -> int | None:
    """How many a report says; nobody knows where nobody ever signed up."""
    return len(taking_part(course)) if course.doctors else None


def roles(courses: Iterable[Course]) -> Counter[Role]:
    """Each of those a report counts, once, by the first of her roles."""
    return Counter(one.role for course in courses for one in taking_part(course))


def minutes(course: Course, doctor: Doctor) -> int:
    """What one earned: all where she was there all the time; else what was granted; else each day where they count."""
    whole_days = [doctor.marks[day] in {"present", SESSION_MINUTES} for day in course.going]
    if whole_days and all(whole_days):
        return SESSION_MINUTES * len(course.going)
    if doctor.granted is not None:
        return min(doctor.granted, SESSION_MINUTES * len(course.going))
    if not course.every_day_counts:
        return 0
    days = [doctor.marks[day] for day in course.going]
    return sum(SESSION_MINUTES if mark == "present" else mark if isinstance(mark, int) else 0 for mark in days)

"""Making an event: what is kept, who may, and every reason to refuse."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db, transaction
from courseapp.domain import plan_errors
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable, SignUpState
from courseapp.domain.planning import COURSE_APPROVALS, COURSE_TITLE, NewEvent, NewSession
from courseapp.domain.rows import ApprovalRow
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.queries import events as looks
from courseapp.services import events, leading
from tests.conftest import NOW

FIRST, SECOND = datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 4, 22, 7, tzinfo=UTC)


def session(starts_at: datetime, *, hours: int = 7, place: str = "Bodø", minutes: int | None = 540) -> NewSession:
    return NewSession(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        place=place,
        address="Sjøgata 1",
        minutes=minutes,
    )


COURSE = NewEvent(
    office="nord",
    kind=EventKind.VEILEDERKURS,
    title=COURSE_TITLE,
    status=EventStatus.PUBLISHED,
    capacity=30,
    sessions=(session(FIRST), session(SECOND)),
    approvals=COURSE_APPROVALS,
    opens_at=NOW,
    closes_at=FIRST - timedelta(days=7),
)
EVENING = NewEvent(
    office="oslo",
    kind=EventKind.ALIS_KVELD,
    title="ALIS-kveld på Frogner",
    status=EventStatus.PUBLISHED,
    sessions=(session(FIRST, hours=2, minutes=None),),
)
MEETING = NewEvent(office="oslo", kind=EventKind.DIALOGUE_MEETING, title="Møte", report_year=2027)


def stored(slug: str) -> Event:
    return db.session.scalars(select(Event).where(Event.slug == slug)).one()


def leaders(office: str = "nord", number: int = 2) -> list[int]:
    with transaction() as tx:
        office_id = tx.scalars(select(Office.id).where(Office.slug == office)).one()
        made = [CourseLeader(office_id=office_id, name=f"Leder {n}", email=f"l{n}@example.org") for n in range(number)]
        tx.add_all(made)
        tx.flush()
        return sorted(leader.id for leader in made)


def pair(ids: list[int], office: str = "nord") -> int:
    with transaction() as tx:
        office_id = tx.scalars(select(Office.id).where(Office.slug == office)).one()
        made = LeaderPair(office_id=office_id, first_id=ids[0], second_id=ids[1])
        tx.add(made)
        tx.flush()
        return made.id


def test_a_published_course_is_open_for_sign_up(app: Flask) -> None:
    slug = events.create(COURSE, actor=None)
    assert slug == "veilederkurs-bodo-mars-2027"
    page = looks.page(slug, NOW)
    assert page is not None
    assert (page.state, page.seats.left, page.minutes) == (SignUpState.OPEN, 30, 1080)
    assert page.approvals == COURSE_APPROVALS
    assert [one.starts_at for one in page.sessions] == [FIRST, SECOND]
    event = stored(slug)
    assert (event.starts_at, event.ends_at) == (FIRST, SECOND + timedelta(hours=7))
    assert (event.report_table, event.report_year) == (ReportTable.COURSES, 2027)


def test_sessions_are_kept_in_order_of_time(app: Flask) -> None:
    event = stored(events.create(replace(COURSE, sessions=COURSE.sessions[::-1]), actor=None))
    assert event.starts_at == FIRST
    assert [one.starts_at for one in event.sessions] == [FIRST, SECOND]


def test_a_new_event_has_a_line_of_history_and_writes_to_nobody(app: Flask) -> None:
    event = stored(events.create(COURSE, actor=None))
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.actor, entry.event_id, entry.office_id) == (
        "created",
        "system",
        event.id,
        event.office_id,
    )
    assert entry.details == {"kind": "veilederkurs", "status": "published"}
    assert db.session.scalar(select(func.count()).select_from(OutboxEmail)) == 0


def test_equal_events_get_numbered_slugs(app: Flask) -> None:
    slugs = [events.create(EVENING, actor=None) for _ in range(3)]
    first = "alis-kveld-pa-frogner-mars-2027"
    assert slugs == [first, f"{first}-2", f"{first}-3"]


def test_events_made_at_the_same_moment_get_slugs_of_their_own(app: Flask) -> None:
    def one(_number: int) -> str:
        with app.app_context():
            return events.create(EVENING, actor=None)

    with ThreadPoolExecutor(6) as pool:
        slugs = set(pool.map(one, range(6)))
    first = "alis-kveld-pa-frogner-mars-2027"
    assert slugs == {first, *(f"{first}-{number}" for number in range(2, 7))}


def test_a_joint_event_has_partners(app: Flask) -> None:
    event = stored(events.create(replace(EVENING, partners=("ost", "sor", "ost")), actor=None))
    assert [office.slug for office in event.partners] == ["ost", "sor"]


def test_an_activity_that_is_only_reported_needs_no_sessions(app: Flask) -> None:
    wish = replace(MEETING, status=EventStatus.HELD, reported_number=7, reported_text="7", place_text="Bydel Alna")
    event = stored(events.create(wish, actor=None))
    assert (event.starts_at, event.report_year, event.reported_number) == (None, 2027, 7)
    assert (event.report_table, event.place_text) == (ReportTable.REGIONAL, "Bydel Alna")
    assert event.slug == "mote-2027"


def test_a_pair_leads_and_comes_first(app: Flask) -> None:
    ids = leaders(number=3)
    pair_id = pair(ids[:2])
    event = stored(events.create(replace(COURSE, pair_id=pair_id, leader_ids=(ids[2], ids[0])), actor=None))
    assert [(one.leader_id, one.pair_id, one.position) for one in event.leaders] == [
        (ids[0], pair_id, 1),
        (ids[1], pair_id, 2),
        (ids[2], None, 3),
    ]


def test_nobody_leads_in_two_places_at_once(app: Flask) -> None:
    ids = leaders(number=1)
    events.create(replace(COURSE, leader_ids=tuple(ids)), actor=None)
    clash = replace(EVENING, office="nord", leader_ids=tuple(ids))
    with pytest.raises(leading.LeaderBusy) as refusal:
        events.create(clash, actor=None)
    assert str(refusal.value) == f"Leder 0 er opptatt 22. mars 2027: «{COURSE_TITLE}», Bodø."
    after = replace(clash, sessions=(session(FIRST + timedelta(hours=7), hours=2, minutes=None),))
    assert stored(events.create(after, actor=None)).leaders[0].leader_id == ids[0]


def test_leaders_come_from_the_offices_that_arrange(app: Flask) -> None:
    ids = leaders("sor")
    for wish in (replace(COURSE, leader_ids=(ids[0],)), replace(COURSE, pair_id=pair(ids, "sor"))):
        with pytest.raises(leading.LeaderUnknown):
            events.create(wish, actor=None)
    joint = replace(COURSE, partners=("sor",), leader_ids=(ids[0],))
    assert len(stored(events.create(joint, actor=None)).leaders) == 1


def test_a_draft_may_be_unfinished(app: Flask) -> None:
    draft = NewEvent(office="nord", kind=EventKind.VEILEDERKURS, title=COURSE_TITLE)
    event = stored(events.create(draft, actor=None))
    assert (event.status, event.slug, event.starts_at) == (EventStatus.DRAFT, "veilederkurs", None)
    assert looks.page(event.slug, NOW) is None


SHORT = replace(session(SECOND), minutes=539)
ONE_APPROVAL = (COURSE_APPROVALS[0], COURSE_APPROVALS[0])
HALF_APPROVAL = (COURSE_APPROVALS[0], ApprovalRow(text=COURSE_APPROVALS[1].text, minutes=1079))
REFUSED: list[tuple[NewEvent, type[DomainError]]] = [
    (replace(COURSE, title="  "), plan_errors.NoTitle),
    (replace(COURSE, capacity=0), plan_errors.WrongCapacity),
    (replace(COURSE, capacity=10_001), plan_errors.WrongCapacity),
    (replace(MEETING, reported_number=-1), plan_errors.WrongNumber),
    (replace(COURSE, approvals=(ApprovalRow(text=" ", minutes=1),)), plan_errors.WrongApproval),
    (replace(COURSE, approvals=(ApprovalRow(text="x", minutes=0),)), plan_errors.WrongApproval),
    (replace(COURSE, sessions=(session(FIRST), session(FIRST + timedelta(hours=6)))), plan_errors.WrongTimes),
    (replace(COURSE, sessions=(session(FIRST, hours=0),)), plan_errors.WrongTimes),
    (replace(COURSE, sessions=(session(FIRST, minutes=0),)), plan_errors.WrongMinutes),
    (replace(COURSE, sessions=(replace(session(FIRST), video_url="javascript:alert(1)"),)), plan_errors.WrongLink),
    (replace(COURSE, opens_at=COURSE.closes_at), plan_errors.WrongWindow),
    (replace(COURSE, closes_at=FIRST + timedelta(minutes=1)), plan_errors.WrongWindow),
    (replace(COURSE, opens_at=FIRST + timedelta(minutes=1), closes_at=None), plan_errors.WrongWindow),
    (replace(COURSE, sessions=(session(FIRST), SHORT)), plan_errors.WrongHours),
    (replace(COURSE, sessions=(session(FIRST), replace(SHORT, minutes=541))), plan_errors.WrongHours),
    (replace(COURSE, sessions=(session(FIRST, minutes=None),)), plan_errors.WrongHours),
    (replace(COURSE, approvals=COURSE_APPROVALS[:1]), plan_errors.ApprovalsMissing),
    (replace(COURSE, approvals=ONE_APPROVAL), plan_errors.ApprovalsMissing),
    (replace(COURSE, approvals=HALF_APPROVAL), plan_errors.ApprovalsMissing),
    (replace(EVENING, sessions=()), plan_errors.SessionsMissing),
    (replace(EVENING, sessions=(session(FIRST, place=" "),)), plan_errors.PlaceMissing),
    (replace(EVENING, sessions=(session(NOW),)), plan_errors.AlreadyStarted),
    (replace(MEETING, status=EventStatus.PUBLISHED), plan_errors.NoSignUpForKind),
    (replace(EVENING, status=EventStatus.HELD), plan_errors.NotHeldYet),
    (replace(EVENING, status=EventStatus.CANCELLED), plan_errors.WrongStatus),
    (replace(EVENING, status=EventStatus.CLOSED), plan_errors.WrongStatus),
    (replace(EVENING, partners=("oslo",)), events.PartnersWrong),
    (replace(EVENING, partners=("svalbard",)), events.PartnersWrong),
    (replace(EVENING, leader_ids=(999,)), leading.LeaderUnknown),
    (replace(EVENING, pair_id=999), leading.LeaderUnknown),
    (replace(EVENING, office="svalbard"), NotFound),
]


@pytest.mark.parametrize(("wish", "refusal"), REFUSED)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    app: Flask, wish: NewEvent, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as raised:
        events.create(wish, actor=None)
    assert str(raised.value)
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_a_course_may_spread_its_18_hours_as_it_likes(app: Flask) -> None:
    days = [(FIRST, 360), (FIRST + timedelta(days=1), 360), (SECOND, 360)]
    wish = replace(COURSE, sessions=tuple(session(start, minutes=minutes) for start, minutes in days))
    assert len(stored(events.create(wish, actor=None)).sessions) == 3


def actor(role: UserRole, office: str | None) -> Actor:
    with transaction() as tx:
        user = User(email="kari@example.org", name="Kari", password_hash="-", created_at=NOW)
        tx.add(user)
        tx.flush()
        office_id = tx.scalar(select(Office.id).where(Office.slug == office))
        roles = () if office_id is None else ((office_id, role),)
        return Actor(user_id=user.id, name="Kari", roles=roles, national=role if office is None else None)


@pytest.mark.parametrize(
    ("role", "office"),
    [(UserRole.ORGANIZER, "nord"), (UserRole.ADMINISTRATOR, "nord"), (UserRole.ADMINISTRATOR, None)],
)
def test_who_may_make_an_event_of_an_office(app: Flask, role: UserRole, office: str | None) -> None:
    kari = actor(role, office)
    events.create(COURSE, actor=kari)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.user_id) == ("user", kari.user_id)


@pytest.mark.parametrize(
    ("role", "office"),
    [(UserRole.ORGANIZER, "sor"), (UserRole.READER, "nord"), (UserRole.READER, None), (UserRole.ADMINISTRATOR, "ost")],
)
def test_for_others_the_office_does_not_exist(app: Flask, role: UserRole, office: str | None) -> None:
    with pytest.raises(NotFound):
        events.create(COURSE, actor=actor(role, office))
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0

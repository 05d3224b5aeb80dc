"""An office that is lived in: one of everything that has an address of its own, with marks in what is private.

The marks are words that stand nowhere else, so that whoever reads one knows whose data she was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.activities import ActivityWish
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventKind, EventStatus, ReportTable, SeatRule
from courseapp.domain.messages import Choice
from courseapp.domain.registration import Status
from courseapp.domain.series import Counted
from courseapp.links import links
from courseapp.models.account import User
from courseapp.models.attendance import Attendance
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import MailState
from courseapp.models.message import Message, MessageFile
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.models.privacy import ErasureRequest
from courseapp.models.registration import CalendarReply, DietaryNeed
from courseapp.models.report import SameActivity
from courseapp.models.series import EventSeries
from courseapp.queries import groups as group_rows
from courseapp.services import activities, certificates, feeds, groups, messages, people_import, standard_texts
from courseapp.services.messages import MessageWish
from courseapp.services.standard_texts import TextWish
from tests.making import make_event
from tests.people import join, letter_to, share, user

SLUG_OF = {
    "office.activities": "activity",
    "office.doubles.settle": "activity",
    "office.doubles.fetch_back": "aside",
    "office.series.repeat_activity": "activity",
    "office.series.leave": "member",
    "office.applications": "applying",
    "office.certificates": "held",
    "office.evaluation": "held",
    "office.overview.delete": "draft",
    "leader.courses.evaluation": "held",
}
"""Which of an office's things an address is about; all others are about its course."""


NOBODYS = 999_999
"""A log-in that is none of the visitor's."""


@dataclass(frozen=True, kw_only=True)
class LivedIn:
    """What is there: `ids` by the name an address calls them, `slugs` by what they are, `keys` by whose they are."""

    office: str
    mark: str
    slugs: dict[str, str]
    ids: dict[str, Any]
    keys: dict[str, str]

    def told(self, endpoint: str) -> dict[str, Any]:
        """Everything an address of that endpoint may ask for, by name."""
        room, _, _verb = endpoint.rpartition(".")
        slug = self.slugs[SLUG_OF.get(endpoint) or SLUG_OF.get(room) or "course"]
        chosen = {**self.ids, "slug": slug}
        if room == "office.applications":
            chosen["registration_id"] = self.ids["applicant_id"]
        if endpoint == "office.attendance.take_in":
            chosen["registration_id"] = self.ids["waiting_id"]
        if endpoint.startswith("office.users."):
            chosen["office"] = self.office
        if endpoint == "office.account.end":
            chosen["session_id"] = NOBODYS
        if endpoint in {"office.messages.show", "office.messages.resend_failed"}:
            chosen["message_id"] = self.ids["sent_message_id"]
        return chosen


def live_in(office: str, *, partner: str | None = None) -> LivedIn:
    """Make all of it at an office; with a partner its events are joint ones."""
    mark = f"zq{office}zq"
    now = clock.now()
    today = now - timedelta(hours=1)
    near = (today, today + timedelta(days=27))
    seen_by_leaders = {"leader_note": mark, "leaders_see_kitchen": True}
    course = make_event(office=office, slug=f"kurs-{office}", starts=near, self_check_in=True, **seen_by_leaders)
    held = make_event(office=office, slug=f"holdt-{office}", starts=(now - timedelta(days=3),))
    draft = make_event(
        office=office, slug=f"utkast-{office}", status=EventStatus.DRAFT, starts=(now + timedelta(days=60),)
    )
    applying = make_event(
        office=office,
        slug=f"soknad-{office}",
        starts=(now + timedelta(days=90),),
        seat_rule=SeatRule.APPLICATION,
    )
    if partner is not None:
        for one in (course, held, applying):
            share(one, partner)
    actor = _actor(office)
    ids = {**_people(course, held, applying, mark), **_office_things(office, mark, course, actor)}
    ids |= _messages(course, mark, actor)
    member, ids["series_id"] = _series(office)
    ids["member_id"], ids["event_id"] = member.id, held.id
    leader_key = _led_by(ids["leader_id"], course, held)
    groups.divide(course.slug, count=2, led_by_all=True, seen=group_rows.last_act(db.session(), course.id), actor=actor)
    aside = _activity(office, mark, "Lagt til side")
    activity = _activity(office, mark, "Stand på fagdag")
    _set_aside(aside, activity)
    slugs = {"course": course.slug, "held": held.slug, "draft": draft.slug, "applying": applying.slug}
    return LivedIn(
        office=office,
        mark=mark,
        slugs={**slugs, "member": member.slug, "activity": activity, "aside": aside},
        ids={**ids, "number": 1, "office": office, "session_id": course.sessions[0].id, **_certificate(held, actor)},
        keys=_keys(course, held, ids, leader_key),
    )


def _actor(office: str) -> Actor:
    user_id = user(f"lived-in@{office}.example.org", office=office)
    office_id = db.session.scalars(select(Office.id).where(Office.slug == office)).one()
    return Actor(user_id=user_id, name="Kari Nordmann", roles=((office_id, UserRole.ORGANIZER),), national=None)


def _people(course: Event, held: Event, applying: Event, mark: str) -> dict[str, int]:
    """Private in everything they said. One waits, one applies, one was there, one asks to be forgotten."""
    now = clock.now()

    def told(number: int) -> dict[str, Any]:
        return {
            "first_name": mark,
            "email": f"{mark}{number}@lege.example.org",
            "workplace": f"{mark} legekontor",
            "note": f"{mark}{number}q <b>&amp;</b>",
            "hpr_number": "7654321",
        }

    (seated,) = join(course, 1, **told(1))
    (waiting,) = join(course, 1, first=2, status=Status.WAITLISTED, **told(2))
    (cancelled,) = join(course, 1, first=3, status=Status.CANCELLED, line_no=None, **told(3))
    join(course, 3, first=4, workplace=f"{mark} legekontor")
    (there,) = join(held, 1, **told(5))
    (applicant,) = join(applying, 1, status=Status.APPLIED, line_no=None, **told(6))
    with transaction() as tx:
        for one in (seated, there):
            tx.add(DietaryNeed(registration_id=one, needs=f"{mark} nøtter", consented_at=now, consent_version="1"))
        for session in held.sessions:
            tx.add(
                Attendance(registration_id=there, session_id=session.id, state=AttendanceState.PRESENT, marked_at=now)
            )
        wish = ErasureRequest(registration_id=there, office_id=held.office_id, asked_at=now)
        reply = CalendarReply(
            registration_id=seated,
            session_id=course.sessions[0].id,
            partstat="DECLINED",
            replied_at=now,
            message_id=f"<{mark}>",
        )
        tx.add_all([wish, reply])
        tx.flush()
        more = {"request_id": wish.id, "reply_id": reply.id}
    letter = letter_to(seated, MailState.FAILED, error=f"550 {mark}", subject=f"Du er påmeldt {mark}")
    return {
        "registration_id": seated,
        "waiting_id": waiting,
        "cancelled_id": cancelled,
        "there_id": there,
        "applicant_id": applicant,
        "letter_id": letter,
        **more,
    }


def _office_things(office: str, mark: str, course: Event, actor: Actor) -> dict[str, Any]:
    colleague = user(f"colleague@{office}.example.org", office=office, role=UserRole.READER)
    text = TextWish(name=mark, subject=mark, body=mark)
    standard_texts.put(office, "practical", text, actor=actor)
    standard_texts.put_for_event(course.slug, "practical", text, actor=actor)
    upload = people_import.keep(course.slug, ["Navn", "E-post"], [(2, [mark, f"{mark}9@lege.example.org"])], actor)
    with transaction() as tx:
        leaders = [
            CourseLeader(office_id=course.office_id, name=f"Ane Berg {n}", email=f"{mark}l{n}@lege.example.org")
            for n in (1, 2)
        ]
        tx.add_all(leaders)
        tx.flush()
        first, second = sorted(one.id for one in leaders)
        pair = LeaderPair(office_id=course.office_id, first_id=first, second_id=second)
        tx.add(pair)
        tx.flush()
        told = {"code": "practical", "upload_id": upload, "user_id": colleague, "year": 2027}
        return {**told, "leader_id": first, "pair_id": pair.id}


def _messages(course: Event, mark: str, actor: Actor) -> dict[str, int]:
    wish = MessageWish(subject=mark, body=mark, choice=Choice())
    draft = messages.save(course.slug, wish, token=f"{mark} draft", actor=actor)
    sent = messages.save(course.slug, wish, token=f"{mark} sent", actor=actor)
    with transaction() as tx:
        file = MessageFile(message_id=draft, name="a.txt", content_type="text/plain", size=9, content=mark.encode())
        tx.add(file)
        one = tx.get_one(Message, sent)
        one.sent_at, one.people, one.leaders = clock.now(), 1, 0
        tx.flush()
        return {"message_id": draft, "sent_message_id": sent, "file_id": file.id}


def _series(office: str) -> tuple[Event, int]:
    start = clock.now() + timedelta(days=20)
    facts: dict[str, Any] = {
        "office": office,
        "kind": EventKind.ALIS_KVELD,
        "status": EventStatus.DRAFT,
        "report_table": ReportTable.REGIONAL,
    }
    made = [make_event(slug=f"serie-{n}-{office}", starts=(start + timedelta(days=n),), **facts) for n in (1, 2)]
    with transaction() as tx:
        series = EventSeries(
            office_id=made[0].office_id, title="Kveldene", counted=Counted.EACH, created_at=clock.now()
        )
        tx.add(series)
        tx.flush()
        for one in made:
            tx.get_one(Event, one.id).series_id = series.id
        return made[0], series.id


def _activity(office: str, mark: str, title: str) -> str:
    wish = ActivityWish(
        kind=EventKind.STAND,
        title=title,
        year=2027,
        table=ReportTable.REGIONAL,
        when="3. mars",
        topic="",
        place="Bodø",
        number="",
        comment=mark,
    )
    return activities.add(office, wish, actor=Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR))


def _set_aside(slug: str, kept: str) -> None:
    with transaction() as tx:
        gone, stays = (tx.scalars(select(Event).where(Event.slug == one)).one() for one in (slug, kept))
        by = tx.scalars(select(User.id).limit(1)).one()
        tx.add(SameActivity(event_id=gone.id, kept_id=stays.id, joined=False, user_id=by, at=clock.now()))


def _led_by(leader_id: int, *events: Event) -> str:
    with transaction() as tx:
        for one in events:
            tx.add(EventLeader(event_id=one.id, leader_id=leader_id, position=1))
        leader = tx.get_one(CourseLeader, leader_id)
        leader.link_serial, leader.link_sent_at = 1, clock.now()
    return links().leader_key(leader_id, 1)


def _certificate(held: Event, actor: Actor) -> dict[str, Any]:
    certificates.issue(held.slug, actor=actor)
    issued = db.session.scalars(select(Certificate).where(Certificate.event_id == held.id)).one()
    return {"certificate_id": issued.id, "certificate": issued.number, "certificate_code": issued.code}


def _keys(course: Event, held: Event, ids: dict[str, Any], leader_key: str) -> dict[str, str]:
    """Secrets as their holders have them: a participant's own page and calendar, a leader's, and two for a room."""
    mine = links().key(ids["registration_id"], 1)
    return {
        "participant": mine,
        "waiting": links().key(ids["waiting_id"], 1),
        "cancelled": links().key(ids["cancelled_id"], 1),
        "there": links().key(ids["there_id"], 1),
        "leader": leader_key,
        "feed": feeds.make_for_participant(mine),
        "check_in": links().check_in(course.sessions[0].id).rpartition("/")[2],
        "evaluation": links().evaluation(held.id).rpartition("/")[2],
    }

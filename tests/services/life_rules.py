"""Lives of three courses at once, driven at random: everything people, organizers and the worker can do to seats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from courseapp import clock
from courseapp.db import Base, db, transaction
from courseapp.domain.errors import DomainError
from courseapp.domain.event import EventKind, FillMode, SeatRule
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Outcome
from courseapp.domain.registration import ACTIVE, Status
from courseapp.links import links
from courseapp.mail import outbox
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.registration import Registration
from courseapp.queries import ranking
from courseapp.services import applications, changes, line, moves, offers, registrations, rooms
from courseapp.services.changes import EventWish, SessionWish
from tests.conftest import KEPT, NOW, Clock
from tests.making import make_event, person, wish_in
from tests.people import organizer
from tests.services import life_seen as seen_

PEOPLE, COURSES, SOMEBODY = st.integers(1, 8), st.integers(0, 2), st.integers(0, 40)
STARTS = tuple(NOW + timedelta(days=days) for days in (60, 90))
HYBRID = 1
ROOMS = st.sampled_from([Mode.PHYSICAL, Mode.DIGITAL, None])
FAR = 14
REASON = "Begrunnelse"


class Life(RuleBasedStateMachine):
    """Three conferences, one in two rooms, one by application; eight people; one organizer; a worker; time."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        clear()
        self.time = clock.now = Clock(NOW)
        self.kari = organizer()
        rules = (SeatRule.FIRST_COME, SeatRule.FIRST_COME, SeatRule.APPLICATION)
        self.courses = [
            make_event(
                title=f"Kurs {at}",
                kind=EventKind.CONFERENCE,
                capacity=number,
                hybrid=at == HYBRID,
                seat_rule=seat_rule,
                starts=STARTS,
                closes_at=None,
            )
            for at, (number, seat_rule) in enumerate(zip((3, 2, 2), rules, strict=True))
        ]
        self.client = seen_.Client({}, {}, set())
        self.expected: dict[int, tuple[seen_.Slot, ...]] = {}
        self.before = seen_.look(self.time())
        self._fresh()

    def _fresh(self) -> None:
        self.by_hand: set[int] = set()
        self.moved_by_hand, self.told, self.released = False, -1, False

    def _try(self, act: Callable[[], object]) -> object:
        """Do it a second later; a refusal must leave everything as it was, and every answer is the act's own."""
        self.time.pass_by(seconds=1)
        before = seen_.look(self.time())
        try:
            return act()
        except DomainError:
            after = seen_.look(self.time())
            assert (after.regs, after.mails, after.verbs) == (before.regs, before.mails, before.verbs)
            return None

    def _who(self, number: int) -> seen_.Reg | None:
        """Somebody who is or was in; the last ones more often than the first."""
        known = sorted(self.before.regs.values(), key=lambda one: -one.id)
        return known[number % len(known)] if known else None

    def _by_key(self, number: int, act: Callable[[str], object]) -> object:
        found = self._who(number)
        return self._try(lambda: act(key_of(found.id))) if found is not None else None

    def _by_hand(self, number: int, act: Callable[[str, int], object]) -> object:
        found = self._who(number)
        if found is None:
            return None
        slug = next(one.slug for one in self.courses if one.id == found.event_id)
        return self._try(lambda: act(slug, found.id))

    @rule(number=PEOPLE, course=COURSES, mode=ROOMS)
    def sign_up(self, number: int, course: int, mode: Mode | None) -> None:
        """Somebody signs up, perhaps again."""
        self._try(lambda: registrations.sign_up(wish_in(self.courses[course], mode, number)))

    @rule(first=PEOPLE, people=st.integers(2, 6), course=COURSES, mode=ROOMS)
    def sign_up_many(self, first: int, people: int, course: int, mode: Mode | None) -> None:
        """A colleague sends the link around."""
        for number in range(first, first + people):
            asked = wish_in(self.courses[course], mode, number)
            self._try(lambda asked=asked: registrations.sign_up(asked))  # type: ignore[misc]
            self.check()

    @rule(number=SOMEBODY, mode=ROOMS)
    def change_room(self, number: int, mode: Mode | None) -> None:
        """Somebody would rather call in, or come."""
        self._by_key(number, lambda key: registrations.change_details(key, person(number), mode=mode))

    @rule(number=SOMEBODY, mode=st.sampled_from(Mode))
    def change_room_by_hand(self, number: int, mode: Mode) -> None:
        """Somebody is put into the other room, for a reason."""
        found = self._who(number)
        self.by_hand |= {found.id} if found is not None else set()
        self._by_hand(number, lambda slug, one: rooms.change_by_hand(slug, one, mode, REASON, self.kari))

    @rule(number=SOMEBODY)
    def cancel(self, number: int) -> None:
        """Somebody gives a place back, or tries to."""
        self._by_key(number, registrations.cancel)

    @rule(number=PEOPLE, other=PEOPLE, course=COURSES)
    def correct(self, number: int, other: int, course: int) -> None:
        """Somebody signs up and corrects the address to another's, or to a new one."""
        answer = self._try(lambda: registrations.sign_up(wish_in(self.courses[course], Mode.DIGITAL, number)))
        self.check()
        if isinstance(answer, registrations.SignedUp):
            self._try(lambda: registrations.correct_address(answer.receipt, f"kare{other}@lege.example.org"))

    @rule(number=SOMEBODY, other=st.integers(1, 11))
    def change_address(self, number: int, other: int) -> None:
        """Somebody uses another address from now on."""
        self._by_key(number, lambda key: moves.change_address(key, person(other)))

    @rule(number=SOMEBODY, answer=st.sampled_from([offers.accept, offers.decline, offers.wait_on]))
    def answer(self, number: int, answer: Callable[[str], None]) -> None:
        """Somebody answers an offer, has none to answer, or comes too late."""
        self._by_key(number, answer)

    @rule(number=SOMEBODY, course=COURSES, mode=ROOMS)
    def move(self, number: int, course: int, mode: Mode | None) -> None:
        """Somebody moves to another course, or waits for a seat there."""
        self._by_key(number, lambda key: moves.move(key, self.courses[course].slug, mode))

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        """Time passes, and worker and postman come by."""
        self.time.pass_by(hours=hours)
        self.work()
        self.post(most=40, refused=False)
        late = [
            one
            for one in seen_.look(self.time()).regs.values()
            if one.status is Status.OFFERED and one.offer_expires_at and one.offer_expires_at <= self.time()
        ]
        assert [one for one in late if self.before.events[one.event_id].live] == []

    @rule()
    def work(self) -> None:
        """The worker's round."""
        self.released = True
        for job in (offers.remind_due, offers.expire_due, moves.release_due):
            self._try(job)

    @rule(most=st.integers(1, 30), refused=st.booleans())
    def post(self, most: int, refused: bool) -> None:
        """The postman's round; what the server does not take is tried again later."""
        with transaction() as tx:
            for row in outbox.claim_due(tx, self.time(), most):
                if refused:
                    self.client.tried.add((row.to_email, row.uid))
                    outbox.give_back(tx, row.id, row.lease, self.time(), "451")
                    continue
                outbox.mark_sent(tx, row.id, row.lease, self.time())
                if row.ics is not None:
                    self.client.take(mail_of(row), row.ics)

    @rule(
        course=COURSES,
        capacity=st.none() | st.integers(1, 6),
        digital=st.none() | st.integers(1, 3),
        mode=st.sampled_from(FillMode),
        stops=st.sampled_from([0, 0, 7, 61, 80]),
    )
    def set_seats(self, course: int, capacity: int | None, digital: int | None, mode: FillMode, stops: int) -> None:
        """The office changes its mind about seats."""
        two: dict[str, Any] = {"hybrid": True, "digital_capacity": digital} if course == HYBRID else {}
        asked = line.SeatsWish(
            capacity=capacity, fill_mode=mode, offer_hours=48, fill_stops_days=stops, role_shares=(), **two
        )
        self._try(lambda: line.set_seats(self.courses[course].slug, asked, self.kari))

    @rule(course=COURSES, number=SOMEBODY, place=st.integers(1, 5))
    def move_in_line(self, course: int, number: int, place: int) -> None:
        """Somebody is moved in the line, for a reason."""
        self.moved_by_hand = True
        self._by_hand(number, lambda slug, one: line.move_in_line(slug, one, place, REASON, self.kari))

    @rule(number=SOMEBODY)
    def give(self, number: int) -> None:
        """Somebody is given a seat past the line, beyond the capacity where need be."""
        found = self._who(number)
        self.by_hand |= {found.id} if found is not None else set()
        self._by_hand(number, lambda slug, one: line.give_seat(slug, one, REASON, self.kari))

    @rule(number=SOMEBODY)
    def remove(self, number: int) -> None:
        """Somebody is taken out."""
        self._by_hand(number, lambda slug, one: line.remove(slug, one, REASON, self.kari))

    @rule(number=SOMEBODY)
    def put_back(self, number: int) -> None:
        """Somebody who left is put back."""
        self._by_hand(number, lambda slug, one: line.put_back(slug, one, REASON, self.kari))

    @rule(number=SOMEBODY, outcome=st.sampled_from([Outcome.SEAT, Outcome.REFUSAL]))
    def fix(self, number: int, outcome: Outcome) -> None:
        """An organizer says what an applicant shall get. A place in line beside a free seat is a rule by hand."""
        self._by_hand(number, lambda slug, one: applications.fix(slug, one, outcome, REASON, self.kari))

    @rule()
    def decide(self) -> None:
        """The applications are decided."""
        event = self.courses[2]
        shown = ranking.standing(db.session(), db.session.get_one(Event, event.id)).shown.text()
        self._try(lambda: applications.decide(event.slug, shown, self.kari))

    @rule(
        course=COURSES,
        what=st.sampled_from(["day", "day", "hour", "room", "title", "add", "remove", "back"]),
        days=st.sampled_from([-50, -2, 1, 25, 40]),
        which=st.integers(0, 4),
    )
    def change(self, course: int, what: str, days: int, which: int) -> None:
        """The organizer changes the event; nobody is told yet."""
        slug = self.courses[course].slug
        asked = changed(db.session.get_one(Event, self.courses[course].id), what, days, which)
        self._try(lambda: changes.change(slug, asked, actor=self.kari))

    @rule(course=COURSES)
    def tell(self, course: int) -> None:
        """People are told what changed."""
        if self._try(lambda: changes.tell(self.courses[course].slug, "", actor=self.kari)) is not None:
            self.told = self.courses[course].id

    @rule(course=COURSES, chance=st.integers(0, FAR))
    def call_off(self, course: int, chance: int) -> None:
        """Once in a long while an event is called off."""
        if chance == FAR:
            self._try(lambda: changes.call_off(self.courses[course].slug, REASON, actor=self.kari))

    @invariant()
    def check(self) -> None:
        """After every step: seats, the line, letters, history and calendars are right."""
        Life.steps += 1
        seen = seen_.look(self.time())
        seen_.check_seats(seen, self.before, self.by_hand)
        seen_.check_line(seen, self.before, moved_by_hand=self.moved_by_hand)
        seen_.check_letters(seen)
        self._check_moves(seen)
        self._expect(seen)
        seen_.check_calendars(seen_.replayed(self.client, unsent()), self.expected, seen)
        self.before = seen
        self._fresh()

    def _check_moves(self, seen: seen_.Seen) -> None:
        """Who loses a place by moving has a seat where she moved to, and the worker leaves no such move undone."""
        if not self.released:
            return
        assert [one for one in seen.regs.values() if one.moves_from_id and one.status is Status.REGISTERED] == []
        for one in seen.regs.values():
            if one.status is Status.CANCELLED and self.before.regs[one.id].status in ACTIVE:
                heirs = [new for new in self.before.regs.values() if new.moves_from_id == one.id]
                held = [new for new in heirs if seen.regs[new.id].status in {Status.REGISTERED, Status.CANCELLED}]
                assert held, f"{one} was ended, and nothing was gained"

    def _expect(self, seen: seen_.Seen) -> None:
        """What each registration's calendar was last told, by the rules of the house and not by its tables."""
        expected = {}
        for one in seen.regs.values():
            event, was = seen.events[one.event_id], self.before.regs.get(one.id)
            if one.status is not Status.REGISTERED or not event.live:
                continue
            fresh = was is None or was.status is not Status.REGISTERED or was.email != one.email or was.mode != one.mode
            told_now = fresh or self.told == one.event_id
            expected[one.id] = event.slots[one.mode] if told_now else self.expected[one.id]
        self.expected = expected


def key_of(registration_id: int) -> str:
    """The newest secret link of a registration."""
    serial = db.session.scalars(select(Registration.link_serial).where(Registration.id == registration_id)).one()
    return links().key(registration_id, serial)


def mail_of(row: OutboxEmail) -> seen_.Mail:
    """A letter, as it is looked at."""
    facts = (row.id, row.registration_id, row.to_email, row.occasion, row.method, row.uid, row.sequence, row.state)
    return seen_.Mail(*facts)


def unsent() -> list[tuple[seen_.Mail, str]]:
    """Calendar letters that will still leave, in the order in which they will."""
    chosen = select(OutboxEmail).where(OutboxEmail.ics.is_not(None), OutboxEmail.state == MailState.QUEUED)
    rows = db.session.scalars(chosen.order_by(OutboxEmail.id))
    return [(mail_of(row), row.ics or "") for row in rows]


def changed(event: Event, what: str, days: int, which: int) -> EventWish:
    """How the event shall be after one change."""
    names = ("title", "description", "target_group", "contact_name", "contact_email", "contact_phone")
    going = [one for one in event.sessions if not one.cancelled]
    gone = [one for one in event.sessions if one.cancelled]
    fields = ("id", "starts_at", "ends_at", "place", "address", "video_url", "minutes")
    sessions = [SessionWish(**{name: getattr(one, name) for name in fields}) for one in going]
    at = which % len(sessions)
    apart = timedelta(days=days) if what == "day" else timedelta(hours=1)
    match what:
        case "day" | "hour":
            sessions[at] = replace(
                sessions[at], starts_at=sessions[at].starts_at + apart, ends_at=sessions[at].ends_at + apart
            )
        case "room":
            sessions[at] = replace(sessions[at], place=f"Rom {which}")
        case "add":
            last = timedelta(days=20 + which)
            sessions.append(
                replace(
                    sessions[-1], id=None, starts_at=sessions[-1].starts_at + last, ends_at=sessions[-1].ends_at + last
                )
            )
        case "remove":
            del sessions[at]
        case "back" if gone:
            sessions.append(SessionWish(**{name: getattr(gone[0], name) for name in fields}))
    given = {name: getattr(event, name) for name in names}
    return EventWish(
        **{**given, "title": f"Kurs {event.id} {which}" if what == "title" else event.title}, sessions=tuple(sessions)
    )


def clear() -> None:
    """Forget everything but the offices."""
    with transaction() as tx:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                tx.execute(table.delete())

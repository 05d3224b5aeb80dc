"""Thanked once, asked without a name: nothing in the database leads from an answer to a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.errors import NotFound
from courseapp.domain.evaluation import Answer, EvaluationClosed, NothingSaid
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.attendance import Attendance
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event
from courseapp.queries import evaluation as rows
from courseapp.services import evaluation
from tests.conftest import Clock
from tests.letters import all_letters
from tests.making import COURSE_DAYS, make_event
from tests.people import join, organizer, written

END = COURSE_DAYS[-1] + timedelta(hours=7)


def token(event: Event) -> str:
    return links().evaluation(event.id).rpartition("/")[2]


def said(event: Event, *scores: int, good: str = "", better: str = "") -> Answer:
    return Answer(
        scores={one.id: score for one, score in zip(event.sessions, scores, strict=False)}, good=good, better=better
    )


@pytest.fixture
def over(app: Flask, time: Clock) -> Event:
    """A course that ended three hours ago."""
    event = make_event(slug="kurs")
    time.moment = END + timedelta(hours=3)
    return event


def test_those_who_were_there_are_thanked_once(over: Event) -> None:
    seated = join(over, 3)
    join(over, 1, first=9, status=Status.WAITLISTED)
    with transaction() as tx:
        for session in tx.get_one(Event, over.id).sessions:
            tx.add(
                Attendance(
                    registration_id=seated[0],
                    session_id=session.id,
                    state=AttendanceState.ABSENT,
                    marked_at=clock.now(),
                )
            )
    assert [evaluation.thank_due(), evaluation.thank_due()] == [2, 0]
    letters = all_letters()
    assert [(one.occasion, one.to_email) for one in letters] == [
        ("thanks", f"kare{number}@lege.example.org") for number in (2, 3)
    ]
    assert len({one.text.split("/evaluering/")[1].split()[0] for one in letters}) == 1


@pytest.mark.parametrize("hours", [1, 24 * 15])
def test_nobody_is_thanked_too_early_or_weeks_later(app: Flask, time: Clock, hours: int) -> None:
    join(make_event(), 1)
    time.moment = END + timedelta(hours=hours)
    assert evaluation.thank_due() == 0


def test_nobody_is_thanked_for_what_was_called_off_or_when_the_office_would_rather_not(app: Flask, time: Clock) -> None:
    join(make_event(status=EventStatus.CANCELLED), 1)
    event = make_event(slug="kurs")
    join(event, 1)
    evaluation.set_thanks("kurs", False, actor=organizer())
    time.moment = END + timedelta(hours=3)
    assert (evaluation.thank_due(), len(written("thanks_changed"))) == (0, 1)


def test_an_answer_has_no_trace_of_who_gave_it(over: Event) -> None:
    join(over, 1)
    evaluation.answer(token(over), said(over, 5, 3, good="Øvelsene"))
    db.session.rollback()
    kept = db.session.scalars(select(EvaluationAnswer)).one()
    assert (kept.good, kept.scores) == ("Øvelsene", {str(over.sessions[0].id): 5, str(over.sessions[1].id): 3})
    columns = {column["name"] for column in inspect(db.engine).get_columns("evaluation_answer")}
    assert columns == {"id", "event_id", "day", "scores", "good", "better"}
    assert written("evaluated") == []


def test_answers_are_shown_from_three_on(over: Event) -> None:
    actor = organizer()
    for number in (1, 2):
        evaluation.answer(token(over), said(over, number, good=f"Ord {number}"))
    few = rows.results(actor, "kurs", clock.now()).said
    assert (few.answers, few.hushed, few.good) == (2, True, ())
    evaluation.answer(token(over), said(over, 5, 4, better="Mer tid"))
    enough = rows.results(actor, "kurs", clock.now()).said
    assert (enough.hushed, enough.good, enough.better) == (False, ("Ord 1", "Ord 2"), ("Mer tid",))
    first, second = (one for _session, one in enough.sessions)
    assert (first.counts, round(first.mean or 0, 2), second.counts) == ((1, 1, 0, 0, 1), 2.67, (0, 0, 0, 1, 0))


def test_scores_of_other_sessions_and_other_numbers_are_left_out(over: Event) -> None:
    other = make_event(slug="annet")
    answer = Answer(scores={over.sessions[0].id: 9, other.sessions[0].id: 5}, good="Bra", better="")
    evaluation.answer(token(over), answer)
    db.session.rollback()
    assert db.session.scalars(select(EvaluationAnswer)).one().scores == {}


@pytest.mark.parametrize("hours", [-1, 24 * 61])
def test_it_is_open_from_the_end_and_for_two_months(app: Flask, time: Clock, hours: int) -> None:
    event = make_event()
    time.moment = END + timedelta(hours=hours)
    with pytest.raises(EvaluationClosed):
        evaluation.answer(token(event), said(event, 5))


def test_nothing_said_is_nothing_kept(over: Event) -> None:
    with pytest.raises(NothingSaid):
        evaluation.answer(token(over), said(over, good="  "))


@pytest.mark.parametrize("forged", ["1", "x", ""])
def test_a_link_that_is_not_ours_leads_nowhere(over: Event, forged: str) -> None:
    with pytest.raises(NotFound):
        evaluation.answer(forged, said(over, 5))


def test_another_office_reads_nothing(over: Event) -> None:
    with pytest.raises(NotFound):
        rows.results(organizer("oslo"), "kurs", clock.now())

"""The same again: events and activities made in one go, all or none, and what becomes of their series."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp import speech, when
from courseapp.db import db, transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, FillMode, ReportTable
from courseapp.domain.language import Language
from courseapp.domain.recurrence import NoDays, TooMany
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.series import Counted, NoSeriesTitle
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.report import ReportOverride
from courseapp.models.series import EventSeries
from courseapp.services import activities, leaders, report_overrides, series
from courseapp.services.publishing import HasPeople
from courseapp.services.series import CannotRepeat, Repeated, RepeatWish, Settled, SomeRefused
from tests.leading import ANE, BO, in_register, leading
from tests.letters import all_letters
from tests.making import make_event
from tests.people import join, organizer, share
from tests.services.test_activities import WISH
from tests.together import at_once

EVENING = (datetime(2027, 2, 2, 16, 0, tzinfo=UTC),)
MARCH, APRIL = date(2027, 3, 2), date(2027, 4, 6)
TITLE = "Nettverk for bydelsoverleger"


def evening(**more: Any) -> Event:
    facts: dict[str, Any] = {
        "slug": "nettverk",
        "kind": EventKind.ALIS_KVELD,
        "title": TITLE,
        "capacity": None,
        "report_table": ReportTable.REGIONAL,
        "starts": EVENING,
        **more,
    }
    return make_event(**facts)


def wanted(*days: date, **more: Any) -> RepeatWish:
    return RepeatWish(**{"days": days or (MARCH, APRIL), "title": TITLE, **more})


def members() -> list[Event]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Event).where(Event.series_id.is_not(None)).order_by(Event.starts_at.is_(None), Event.starts_at)
        )
    )


def events() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Event.id)).all())


def test_they_are_made_as_drafts_with_their_days_moved_and_clock_times_kept(app: Flask) -> None:
    nora, source = organizer("nord"), evening(description="Vi møtes.", fill_mode=FillMode.OFFER, offer_hours=24)
    done = series.repeat(source.slug, wanted(), actor=nora)
    assert done == Repeated(series_id=1, made=2, known=0)
    found = members()
    assert [(one.status, when.moment(one.starts_at).replace("\xa0", " ")) for one in found if one.starts_at] == [
        (EventStatus.PUBLISHED, "2. februar 2027 kl. 17.00"),
        (EventStatus.DRAFT, "2. mars 2027 kl. 17.00"),
        (EventStatus.DRAFT, "6. april 2027 kl. 17.00"),
    ]
    assert len({one.slug for one in found}) == 3
    assert {(one.description, one.fill_mode, one.offer_hours) for one in found} == {("Vi møtes.", FillMode.OFFER, 24)}
    assert [one.closes_at for one in found] == [
        datetime(2027, 1, 26, 16, tzinfo=UTC),
        datetime(2027, 2, 23, 16, tzinfo=UTC),
        datetime(2027, 3, 30, 15, tzinfo=UTC),
    ]
    kept = db.session.scalars(select(EventSeries)).one()
    assert (kept.title, kept.counted, kept.office.slug) == (TITLE, Counted.EACH, "nord")


def test_they_are_published_where_that_was_the_wish(app: Flask) -> None:
    nora = organizer("nord")
    series.repeat(evening().slug, wanted(publish=True), actor=nora)
    assert [one.status for one in members()] == [EventStatus.PUBLISHED] * 3


def test_pressing_twice_makes_them_once(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    answers = at_once(app, [lambda: series.repeat(source.slug, wanted(), actor=nora)] * 3)
    assert sorted((one.made, one.known) for one in answers if isinstance(one, Repeated)) == [(0, 2), (0, 2), (2, 0)]
    assert (events(), len(db.session.scalars(select(EventSeries)).all())) == (3, 1)


def test_more_dates_and_a_copy_of_a_copy_come_into_the_same_series(app: Flask) -> None:
    nora = organizer("nord")
    series.repeat(evening().slug, wanted(counted=Counted.VISITS), actor=nora)
    last = members()[-1]
    assert series.repeat(last.slug, wanted(date(2027, 5, 4), APRIL, title="Annet"), actor=nora).known == 1
    assert [(one.series_id, one.starts_at.month if one.starts_at else 0) for one in members()] == [
        (1, month) for month in (2, 3, 4, 5)
    ]
    kept = db.session.scalars(select(EventSeries)).one()
    assert (kept.title, kept.counted) == (TITLE, Counted.VISITS)


def test_a_day_that_was_called_off_can_be_held_once_more(app: Flask) -> None:
    nora = organizer("nord")
    series.repeat(evening().slug, wanted(MARCH), actor=nora)
    with transaction() as tx:
        tx.get_one(Event, members()[1].id).status = EventStatus.CANCELLED
    assert series.repeat("nettverk", wanted(MARCH), actor=nora).made == 1


def test_a_leader_who_is_busy_refuses_all_and_says_which(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    ane, bo = in_register(ANE, BO)
    leaders.assign(source.slug, pair_id=None, leader_ids=(ane, bo), actor=nora)
    other = evening(slug="annet", title="Annet kurs", starts=(datetime(2027, 4, 6, 14, tzinfo=UTC),))
    leaders.assign(other.slug, pair_id=None, leader_ids=(bo,), actor=nora)
    with pytest.raises(SomeRefused) as refusal:
        series.repeat(source.slug, wanted(), actor=nora)
    said = "Bo Dahl er opptatt 6. april 2027: «Annet kurs», Møterom Ås."
    assert refusal.value.reasons == {APRIL: said}
    assert str(refusal.value) == f"Ingen av datoene er laget. 6. april 2027: {said}"
    assert (events(), members(), db.session.scalars(select(EventSeries)).all()) == (2, [], [])
    series.repeat(source.slug, wanted(MARCH), actor=nora)
    assert leading(members()[1].id) == [(ane, None), (bo, None)]


def test_leaders_of_published_ones_are_told_once_each_and_those_of_drafts_are_not(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    (ane,) = in_register(ANE)
    leaders.assign(source.slug, pair_id=None, leader_ids=(ane,), actor=nora)
    before = len(all_letters())
    series.repeat(source.slug, wanted(MARCH), actor=nora)
    assert len(all_letters()) == before
    series.repeat(source.slug, wanted(APRIL, publish=True), actor=nora)
    assert len(all_letters()) > before


def test_what_lacks_something_is_not_published(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    with pytest.raises(SomeRefused) as refusal:
        series.repeat(source.slug, wanted(date(2026, 12, 1), APRIL, publish=True), actor=nora)
    assert list(refusal.value.reasons) == [date(2026, 12, 1)]
    assert events() == 1


def test_what_cannot_be_repeated_is_refused(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    off = evening(slug="avlyst", status=EventStatus.CANCELLED)
    for slug, wish, why in (
        (source.slug, RepeatWish(days=(), title="x"), NoDays),
        (source.slug, wanted(*(APRIL + timedelta(days=day) for day in range(61))), TooMany),
        (source.slug, wanted(title=" "), NoSeriesTitle),
        (source.slug, wanted(title="x" * 201), NoSeriesTitle),
        (off.slug, wanted(), CannotRepeat),
        ("finnes-ikke", wanted(), NotFound),
        (activities.add("nord", WISH, actor=nora), wanted(), NotFound),
    ):
        with pytest.raises(why):
            series.repeat(slug, wish, actor=nora)
    assert members() == []


def test_only_the_responsible_office_repeats_and_changes(app: Flask) -> None:
    nora, other, source = organizer("nord"), organizer("ost"), evening()
    share(source, "ost")
    series.repeat(source.slug, wanted(), actor=nora)
    for act in (
        lambda: series.repeat(source.slug, wanted(), actor=other),
        lambda: series.change(1, "Vårt", Counted.EACH, actor=other),
        lambda: series.leave(1, source.slug, actor=other),
        lambda: series.delete_drafts(1, actor=other),
        lambda: series.change(2, "Ingen", Counted.EACH, actor=nora),
        lambda: series.leave(2, source.slug, actor=nora),
        lambda: series.delete_drafts(2, actor=nora),
    ):
        with pytest.raises(NotFound):
            act()
    assert [one.series_id for one in members()] == [1, 1, 1]
    assert [[office.slug for office in one.partners] for one in members()] == [["ost"]] * 3


def test_drafts_are_thrown_away_together_or_not_at_all(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    series.repeat(source.slug, wanted(), actor=nora)
    join(members()[2], 1)
    with pytest.raises(HasPeople) as refusal:
        series.delete_drafts(1, actor=nora)
    assert str(refusal.value) == "Ingen av utkastene er slettet. 6. april 2027: noen er meldt på."
    assert len(members()) == 3
    series.leave(1, members()[2].slug, actor=nora)
    assert (series.delete_drafts(1, actor=nora), [one.slug for one in members()]) == (1, ["nettverk"])
    deleted = select(AuditEntry.user_id).where(AuditEntry.verb == "draft_deleted")
    assert db.session.scalars(deleted).all() == [nora.user_id]


def test_a_series_of_nothing_is_gone_and_its_events_stay(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    series.repeat(source.slug, wanted(MARCH), actor=nora)
    for one in members():
        series.leave(1, one.slug, actor=nora)
    assert (events(), db.session.scalars(select(EventSeries)).all()) == (2, [])
    assert source.slug in db.session.scalars(select(Event.slug)).all()


def over(actor: Actor, event: Event) -> None:
    report_overrides.write("nord", event.id, {ReportColumn.NUMBER: "40"}, "Talt på nytt", actor=actor)


def written_over() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(ReportOverride.event_id)))


def test_what_was_written_over_a_row_does_not_come_to_stand_in_another(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    over(nora, source)
    series.repeat(source.slug, wanted(), actor=nora)
    assert series.change(1, "Nettverk", Counted.EACH, actor=nora) == Settled(overrides=0)
    assert written_over() == [source.id]
    assert series.change(1, "Nettverk", Counted.PEOPLE, actor=nora) == Settled(overrides=1)
    over(nora, source)
    assert series.change(1, "Nettverk", Counted.VISITS, actor=nora) == Settled(overrides=0)
    assert written_over() == [source.id]
    assert series.leave(1, source.slug, actor=nora) == Settled(overrides=1)
    assert written_over() == []
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "series_counted").order_by(AuditEntry.id))
    assert [one.details for one in kept] == [{"old": "each", "new": "people"}, {"old": "people", "new": "visits"}]


def test_a_row_that_was_written_over_is_told_about_when_it_becomes_part_of_one(app: Flask) -> None:
    nora, source = organizer("nord"), evening()
    over(nora, source)
    done = series.repeat(source.slug, wanted(counted=Counted.VISITS), actor=nora)
    assert done == Repeated(series_id=1, made=2, known=0, overrides=1)
    assert written_over() == []


def test_a_series_needs_a_name(app: Flask) -> None:
    nora = organizer("nord")
    series.repeat(evening().slug, wanted(), actor=nora)
    with pytest.raises(NoSeriesTitle):
        series.change(1, "  ", Counted.EACH, actor=nora)


def test_activities_come_again_with_their_days_and_without_their_number(app: Flask) -> None:
    nora = organizer("nord")
    slug = activities.add("nord", WISH, actor=nora)
    done = series.repeat_activity(slug, wanted(date(2026, 12, 30), date(2027, 1, 20)), actor=nora)
    assert done.made == 2
    assert [(one.dates_text, one.report_year, one.reported_number, one.comment) for one in members()] == [
        ("18.–19. mars", 2026, 12, "Med ledere"),
        ("30.–31. desember 2026", 2026, None, "Med ledere"),
        ("20.–21. januar 2027", 2027, None, "Med ledere"),
    ]
    assert all(one.typed and one.status is EventStatus.HELD for one in members())


def test_an_activity_without_a_day_takes_the_days_it_gets(app: Flask) -> None:
    nora = organizer("nord")
    wish = {name: getattr(WISH, name) for name in WISH.__dataclass_fields__}
    slug = activities.add(
        "nord", type(WISH)(**{**wish, "when": "Vår og høst", "comment": "4 ALIS og 2 LIS1"}), actor=nora
    )
    series.repeat_activity(slug, wanted(MARCH), actor=nora)
    made = members()[0]
    assert (made.dates_text, made.comment, made.reported_roles) == ("2. mars 2027", "", "")
    with pytest.raises(NotFound):
        series.repeat_activity(evening().slug, wanted(), actor=nora)


def test_days_are_written_in_bokmal_whatever_the_organizer_reads(app: Flask) -> None:
    """They stand in the activity, where they are read again, and in the report."""
    nora = organizer("nord")
    slug = activities.add("nord", WISH, actor=nora)
    with speech.speaking(Language.ENGLISH):
        assert series.repeat_activity(slug, wanted(date(2027, 5, 4)), actor=nora).made == 1
    assert [one.dates_text for one in members()] == ["18.–19. mars", "4.–5. mai 2027"]

"""One activity that two offices both wrote down: seen, settled by the responsible one, and undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.models.event import Event
from courseapp.queries import activities as looks
from courseapp.queries import country, yearly
from courseapp.queries import doubles as seen
from courseapp.queries.doubles import Aside
from courseapp.services import activities, doubles
from courseapp.services.activities import HasPeople
from courseapp.services.doubles import NotAlike, SharedWithMore
from tests.making import make_event
from tests.people import join, organizer, share, written
from tests.services.test_activities import WISH

ADMIN = Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR)
LATER = datetime(2027, 2, 1, tzinfo=UTC)
FAIR = replace(WISH, title="Fastlegekonferansen", place="Bodø", kind=EventKind.CONFERENCE, table=ReportTable.NATIONAL)


def both() -> tuple[str, str, Actor, Actor]:
    """Nord and Øst have typed in the same."""
    nora, ola = organizer("nord"), organizer("ost")
    mine = activities.add("nord", FAIR, actor=nora)
    return mine, activities.add("ost", replace(FAIR, title="Fastlege-konferansen"), actor=ola), nora, ola


def partners(slug: str) -> list[str]:
    db.session.rollback()
    return [one.slug for one in db.session.scalars(select(Event).where(Event.slug == slug)).one().partners]


def people_of_country() -> tuple[int, float | None]:
    table = country.of_year(ADMIN, 2026, LATER).whole.tables[ReportTable.NATIONAL]
    return table.held, table.people.value


def test_both_offices_and_the_country_see_it(app: Flask) -> None:
    mine, theirs, nora, ola = both()
    told = [
        [(one.slug, one.other_office, one.other_title, one.settles) for one in seen.claims(actor, 2026)]
        for actor in (nora, ola, organizer("sor"))
    ]
    assert told == [
        [(mine, "Øst", "Fastlege-konferansen", True)],
        [(theirs, "Nord", "Fastlegekonferansen", True)],
        [],
    ]
    assert [one.offices for one in country.of_year(ADMIN, 2026, LATER).doubled] == [("Nord", "Øst")]
    assert people_of_country() == (2, 24)


def test_the_responsible_one_makes_it_joint_and_it_counts_once(app: Flask) -> None:
    mine, theirs, nora, ola = both()
    doubles.settle(mine, theirs, actor=nora)
    assert (partners(mine), people_of_country(), seen.claims(nora, 2026)) == (["ost"], (1, 12), ())
    for actor in (nora, ola):
        part = yearly.of_office(actor, "", 2026, LATER).parts[3]
        assert [row.slug for row in part.rows] == [mine]
        aside = Aside(
            slug=theirs,
            title="Fastlege-konferansen",
            office="Øst",
            kept_title="Fastlegekonferansen",
            kept_office="Nord",
        )
        assert seen.set_aside(actor, 2026) == (aside,)
        assert looks.listing(actor, 2026, LATER).total == 1
    assert [len(written(verb)) for verb in ("activity_joined", "activity_set_aside")] == [1, 1]


def test_it_is_undone_by_either_office_and_all_is_as_before(app: Flask) -> None:
    mine, theirs, nora, ola = both()
    for actor in (ola, nora):
        doubles.settle(mine, theirs, actor=nora)
        doubles.fetch_back(theirs, actor=actor)
        assert (partners(mine), people_of_country(), seen.set_aside(nora, 2026)) == ([], (2, 24), ())
    with pytest.raises(NotFound):
        doubles.fetch_back(theirs, actor=nora)


def test_who_was_a_partner_before_stays_one(app: Flask) -> None:
    nora, ola = organizer("nord"), organizer("ost")
    mine = activities.add("nord", replace(FAIR, partners=("ost",)), actor=nora)
    theirs = activities.add("ost", FAIR, actor=ola)
    doubles.settle(mine, theirs, actor=nora)
    doubles.fetch_back(theirs, actor=ola)
    assert partners(mine) == ["ost"]


def test_an_office_cannot_make_itself_a_partner_of_another(app: Flask) -> None:
    """It would open the other's lists to it."""
    mine, theirs, nora, ola = both()
    with pytest.raises(NotFound):
        doubles.settle(mine, theirs, actor=ola)
    for slug, other in ((mine, "finnes-ikke"), (mine, mine), ("\x00", theirs)):
        with pytest.raises(NotFound):
            doubles.settle(slug, other, actor=nora)
    doubles.settle(mine, theirs, actor=nora)
    with pytest.raises(NotFound):
        doubles.fetch_back(theirs, actor=organizer("sor"))


def refused(mine: str, theirs: str, actor: Actor) -> type[DomainError]:
    with pytest.raises(DomainError) as refusal:
        doubles.settle(mine, theirs, actor=actor)
    assert people_of_country()[0] == 2
    return refusal.type


def test_what_people_signed_up_for_is_never_set_aside(app: Flask) -> None:
    nora, ola = organizer("nord"), organizer("ost")
    event = make_event(
        office="ost",
        kind=EventKind.CONFERENCE,
        title=FAIR.title,
        place_text="Bodø",
        starts=tuple(datetime(2026, 3, day, 8, tzinfo=UTC) for day in (18, 19)),
        status=EventStatus.HELD,
        report_table=ReportTable.NATIONAL,
    )
    join(event, 3)
    typed = activities.add("nord", FAIR, actor=nora)
    assert refused(typed, event.slug, nora) is HasPeople
    assert [(one.settles, one.busy) for actor in (nora, ola) for one in seen.claims(actor, 2026)] == [
        (False, True),
        (True, False),
    ]
    doubles.settle(event.slug, typed, actor=ola)
    assert people_of_country() == (1, 3)


def test_what_is_not_alike_any_more_or_settled_already_is_refused(app: Flask) -> None:
    mine, theirs, nora, ola = both()
    activities.change(theirs, replace(FAIR, when="20. mars"), actor=ola)
    assert refused(mine, theirs, nora) is NotAlike
    activities.change(theirs, FAIR, actor=ola)
    doubles.settle(mine, theirs, actor=nora)
    for first, second, actor in ((mine, theirs, nora), (theirs, mine, ola)):
        with pytest.raises(NotAlike):
            doubles.settle(first, second, actor=actor)


def test_a_third_office_does_not_lose_its_row(app: Flask) -> None:
    mine, theirs, nora, _ola = both()
    share(db.session.scalars(select(Event).where(Event.slug == theirs)).one(), "sor")
    assert refused(mine, theirs, nora) is SharedWithMore
    activities.change(mine, replace(FAIR, partners=("sor",)), actor=nora)
    doubles.settle(mine, theirs, actor=nora)
    assert partners(mine) == ["ost", "sor"]


def test_when_what_was_kept_is_deleted_the_other_stands_again(app: Flask) -> None:
    mine, theirs, nora, _ola = both()
    doubles.settle(mine, theirs, actor=nora)
    activities.remove(mine, actor=nora)
    assert people_of_country() == (1, 12)

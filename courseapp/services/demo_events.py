"""The invented courses of the demo, relative to a moment. For `demo` only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from courseapp import when
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.planning import (
    COURSE_APPROVALS,
    COURSE_CAPACITY,
    COURSE_MINUTES,
    COURSE_TITLE,
    NewEvent,
    NewSession,
)

COURSE_DESCRIPTION = (
    "Kurset gir ferdigheter i individuell veiledning: å avtale rammer, å observere og gi tilbakemelding, og å veilede "
    "den som strever. Vi veksler mellom korte innledninger og øving i grupper på opptil åtte. Begge dagene må følges."
)
COURSE_TARGET = "Veiledere for LIS1, ALIS og SamLIS, og leger i spesialisering som tar kurset som læringsaktivitet."
DAY_DESCRIPTION = (
    "En fagdag for ALIS i regionen: læringsmål, attestasjon og erfaringer fra andre kommuner. Lunsj er med."
)
EVENING_DESCRIPTION = "Kort om ALIS-ordningen, avtaler og tilskudd, og god tid til spørsmål. Enkel mat fra kl. 17.30."


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEvent:
    """An event and who is in it: `registered` and `waiting` sign up, `overbooked` get a seat above the capacity.

    `from_everywhere`: they come from all the offices' regions, and apply for seats that nobody has decided on yet.
    `digital` more sign up to call in. `deadline_passed` moves the deadline to the past once they are in;
    `cancelled_reason` calls the whole thing off.
    """

    wish: NewEvent
    registered: int = 0
    waiting: int = 0
    cancelled: int = 0
    overbooked: int = 0
    digital: int = 0
    from_everywhere: bool = False
    deadline_passed: bool = False
    cancelled_reason: str = ""


def demo_events(now: datetime, pairs: Mapping[str, list[int]]) -> list[DemoEvent]:
    """One of everything the offices meet; `pairs` are ids of leader pairs by office, in order."""
    return [
        *_courses(now, pairs),
        *_special_courses(now, pairs),
        *_evenings(now),
        _conference(now),
        _applied_for(now, pairs),
    ]


def _courses(now: datetime, pairs: Mapping[str, list[int]]) -> list[DemoEvent]:
    """Open ones: with room, full with a line, nearly full and joint, overbooked."""
    bodo = _course(now, "nord", "Bodø", "Sjøgata 1, 8006 Bodø", (70, 71), pair_id=pairs["nord"][0])
    kristiansand = _course(
        now, "sor", "Kristiansand", "Rådhusgata 2, 4611 Kristiansand", (42, 70), pair_id=pairs["sor"][0]
    )
    oslo = _course(
        now, "oslo", "Legenes hus, Oslo", "Christiania torv 5, 0158 Oslo", (56, 57), pair_id=pairs["oslo"][0]
    )
    bergen = _course(now, "vest", "Bergen", "Rådhusgaten 10, 5014 Bergen", (49, 50))
    return [
        DemoEvent(wish=bodo, registered=18, cancelled=2),
        DemoEvent(wish=kristiansand, registered=30, waiting=6, cancelled=2),
        DemoEvent(wish=replace(oslo, partners=("ost",)), registered=27),
        DemoEvent(wish=bergen, registered=30, overbooked=1),
    ]


def _special_courses(now: datetime, pairs: Mapping[str, list[int]]) -> list[DemoEvent]:
    """Not open yet, closed, by application, a draft, and one that was held a month ago."""
    trondheim = _course(now, "midt", "Trondheim", "Munkegata 1, 7013 Trondheim", (112, 140))
    hamar = _course(now, "ost", "Hamar", "Vangsvegen 51, 2317 Hamar", (12, 13))
    stavanger = _course(now, "vest", "Stavanger", "Øvre Kleivegate 15, 4005 Stavanger", (91, 92))
    draft = _course(now, "sor", "Fredrikstad", "Nygaardsgata 14, 1606 Fredrikstad", (168, 169))
    held = _course(now, "nord", "Narvik", "Kongens gate 45, 8514 Narvik", (-35, -34), pair_id=pairs["nord"][1])
    return [
        DemoEvent(wish=replace(trondheim, opens_at=_at(_weekday(now, 28), 12))),
        DemoEvent(
            wish=replace(hamar, closes_at=hamar.sessions[0].starts_at - timedelta(days=4)),
            registered=22,
            deadline_passed=True,
        ),
        DemoEvent(wish=replace(stavanger, seat_rule=SeatRule.APPLICATION), registered=9),
        DemoEvent(wish=replace(draft, status=EventStatus.DRAFT)),
        DemoEvent(wish=replace(held, status=EventStatus.HELD), registered=26, cancelled=2),
    ]


def _applied_for(now: datetime, pairs: Mapping[str, list[int]]) -> DemoEvent:
    """More applications than seats, and the deadline has passed."""
    harstad = _course(
        now, "nord", "Harstad", "Asbjørn Selsbanes gate 9, 9405 Harstad", (33, 34), pair_id=pairs["nord"][1]
    )
    return DemoEvent(
        wish=replace(harstad, seat_rule=SeatRule.APPLICATION, capacity=8),
        registered=8,
        waiting=6,
        from_everywhere=True,
        deadline_passed=True,
    )


def _conference(now: datetime) -> DemoEvent:
    """Two rooms: the one at Alta is full and has a line, the other has no bound."""
    day = _weekday(now, 63)
    link = "https://video.example.org/veilederkonferansen"
    session = NewSession(
        starts_at=_at(day, 10),
        ends_at=_at(day, 15),
        place="Alta",
        address="Markedsgata 6, 9510 Alta",
        video_url=link,
    )
    wish = NewEvent(
        office="nord",
        kind=EventKind.CONFERENCE,
        title="Veilederkonferansen",
        status=EventStatus.PUBLISHED,
        description="En dag om veiledning i allmennpraksis. Kom til Alta, eller følg innledningene digitalt.",
        target_group="Veiledere, ALIS og SamLIS.",
        capacity=12,
        hybrid=True,
        closes_at=_at(day - timedelta(days=7), 12),
        sessions=(session,),
    )
    return DemoEvent(wish=wish, registered=12, waiting=2, digital=9)


def _evenings(now: datetime) -> list[DemoEvent]:
    """Short forms, with and without a capacity; a webinar; one that is called off."""
    frogner = _evening(now, "oslo", "ALIS-kveld på Frogner", "Sommerrogata 1, 0255 Oslo", 21)
    tromso = _evening(now, "nord", "ALIS-kveld i Tromsø", "Rådhusgata 2, 9008 Tromsø", 30, capacity=40)
    alesund = _evening(now, "midt", "ALIS-dag i Ålesund", "Keiser Wilhelms gate 11, 6003 Ålesund", 37, capacity=25)
    lillehammer = _evening(now, "ost", "ALIS-kveld på Lillehammer", "Storgata 51, 2609 Lillehammer", 24, capacity=30)
    day = _weekday(now, 17)
    webinar = replace(
        _evening(now, "vest", "Webinar: Tilskuddsordningen for ALIS og veiledning", "", 17),
        kind=EventKind.WEBINAR,
        description="Vi går gjennom hva kommunen kan søke om, fristene og rapporteringen.",
        sessions=(
            NewSession(starts_at=_at(day, 12), ends_at=_at(day, 13), video_url="https://video.example.org/tilskudd"),
        ),
    )
    whole_day = _weekday(now, 37)
    ordinary_hours = NewSession(
        starts_at=_at(whole_day, 9), ends_at=_at(whole_day, 15), place="Ålesund", address=alesund.sessions[0].address
    )
    alesund = replace(alesund, kind=EventKind.ALIS_DAG, description=DAY_DESCRIPTION, sessions=(ordinary_hours,))
    return [
        DemoEvent(wish=frogner, registered=14, cancelled=1),
        DemoEvent(wish=tromso, registered=9),
        DemoEvent(wish=alesund, registered=7),
        DemoEvent(wish=lillehammer, cancelled_reason="Innleder er blitt syk. Vi setter opp en ny kveld senere."),
        DemoEvent(wish=webinar, registered=12),
    ]


def _course(
    now: datetime, office: str, place: str, address: str, days: tuple[int, int], *, pair_id: int | None = None
) -> NewEvent:
    """A veilederkurs on two days, each counted from `now`; days in a row stay in a row."""
    first = _weekday(now, days[0])
    second = first + timedelta(days=days[1] - days[0])
    return NewEvent(
        office=office,
        kind=EventKind.VEILEDERKURS,
        title=COURSE_TITLE,
        status=EventStatus.PUBLISHED,
        description=COURSE_DESCRIPTION,
        target_group=COURSE_TARGET,
        capacity=COURSE_CAPACITY,
        closes_at=_at(first - timedelta(days=14), 12),
        approvals=COURSE_APPROVALS,
        pair_id=pair_id,
        sessions=tuple(
            NewSession(
                starts_at=_at(day, 9), ends_at=_at(day, 16), place=place, address=address, minutes=COURSE_MINUTES // 2
            )
            for day in (first, second)
        ),
    )


def _evening(
    now: datetime, office: str, title: str, address: str, days: int, *, capacity: int | None = None
) -> NewEvent:
    day = _weekday(now, days)
    place = title.rpartition(" ")[2]
    return NewEvent(
        office=office,
        kind=EventKind.ALIS_KVELD,
        title=title,
        status=EventStatus.PUBLISHED,
        description=EVENING_DESCRIPTION,
        target_group="ALIS, veiledere og ledere.",
        capacity=capacity,
        sessions=(NewSession(starts_at=_at(day, 18), ends_at=_at(day, 20), place=place, address=address),),
    )


def _weekday(now: datetime, days: int) -> date:
    """So many days from now in Norway, never at Christmas, and never when it or the day after it is a weekend."""
    day = when.local(now).date() + timedelta(days=days)
    if (day.month, day.day) >= (12, 17) or (day.month, day.day) <= (1, 3):
        day += timedelta(days=21)
    return day if day.weekday() < 4 else day + timedelta(days=8 - day.weekday())


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), when.OSLO)

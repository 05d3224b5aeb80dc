"""Applications in words: why a criterion is met, why a seat passed somebody by, what was decided, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import wording
from courseapp.domain import geography
from courseapp.domain.event import EventKind
from courseapp.domain.ranking import Criterion, Effect, Shown
from courseapp.domain.registration import Role, Supervises
from courseapp.domain.waitlist import PassedReason
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.registration import ApplicationAdjustment, Registration
from courseapp.queries.ranking import Decision, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the words need to know: offices' short names by slug, earlier courses by address, places by time."""

    event: Event
    earlier: Mapping[str, Event]
    regions: Mapping[str, str]
    times: Mapping[int, int]
    now: datetime


def reason(effect: Effect, one: Registration, told: Telling) -> str:
    """«Bodø hører til Nord», «Veileder LIS1 nå», «Ikke på veilederkurs før», «ALIS, nr. 2 i rekkefølgen»."""
    match effect.criterion:
        case Criterion.REGION:
            return _region(one.municipality, told.regions)
        case Criterion.SUPERVISES:
            return _supervises([Supervises(each) for each in one.supervises])
        case Criterion.FIRST_COURSE:
            return _earlier(told.earlier.get(one.email_key), told)
        case Criterion.ROLE:
            place = f"nr. {effect.place} i rekkefølgen" if effect.place else "ikke i rekkefølgen"
            return f"{wording.short_label(one.primary_role)}, {place}"
        case Criterion.TIME:
            return f"Nr. {told.times[one.id]}, {wording.moment(one.created_at)}"


def passed(hindered: tuple[PassedReason, Role] | None) -> str:
    """Why a free seat went past somebody; nothing where none did."""
    if hindered is None:
        return ""
    why, role = hindered
    name = wording.short_label(role)
    if why is PassedReason.ROLE_FULL:
        return f"Forbigått: plassene for {name} er fulle"
    return f"Forbigått: resten av plassene er holdt av til {name}"


def _region(municipality: str, regions: Mapping[str, str]) -> str:
    if not municipality:
        return "Kommune ikke oppgitt"
    home = geography.municipality(municipality)
    if home is None:
        return f"Kjenner ikke kommunen «{municipality}»"
    region = geography.region_of(home)
    return f"{home.label} hører til {regions.get(region, region)}"


def _supervises(whom: list[Supervises]) -> str:
    now = [wording.label(one) for one in whom if one is not Supervises.NONE]
    if now:
        return f"Veileder {wording.listed(now)} nå"
    return "Veileder ingen nå" if whom else "Ikke oppgitt"


def _earlier(earlier: Event | None, told: Telling) -> str:
    """Another office's course is told without its date: that is that office's to tell."""
    kind = _lower(told.event.kind)
    if earlier is None:
        return f"Ikke på {kind} før"
    verb = "Var på" if earlier.ends_at is not None and earlier.ends_at <= told.now else "Har plass på"
    if not _offices(earlier) & _offices(told.event):
        return f"{verb} {kind} hos et annet kontor"
    return f"{verb} {kind} {wording.sessions_dates([one for one in earlier.sessions if not one.cancelled])}"


def _offices(event: Event) -> set[int]:
    return {event.office_id, *(office.id for office in event.partners)}


def _lower(kind: EventKind) -> str:
    """«veilederkurs», but «ALIS-kveld»."""
    name = wording.label(kind)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def already_decided(decision: Decision) -> str:
    """Who was first, when, and what came of it."""
    by = f" av {decision.by}" if decision.by else ""
    return (
        f"Søknadene ble avgjort{by} {wording.moment(decision.at)}: {decision.seats} fikk plass, "
        f"{decision.line} ble satt på venteliste, {decision.refused} fikk avslag. Det kan ikke gjøres om herfra."
    )


def what_changed(session: Session, event: Event, shown: Shown, standing: Standing) -> str:
    """What is different since a list was shown: who came, who left, what a colleague did."""
    is_now = standing.shown
    told: list[str] = []
    if new := is_now.people - shown.people:
        told.append(f"{_names(session, event, new)} har søkt.")
    if gone := shown.people - is_now.people:
        told.append(f"{_names(session, event, gone)} er ikke lenger blant søkerne.")
    if touched := shown.adjustments ^ is_now.adjustments:
        told.append(_adjusted(session, touched))
    if shown.rules != is_now.rules:
        told.append("Plassene eller kriteriene er endret.")
    if not told:
        told.append("Opplysningene om en søker er endret.")
    return f"Listen er endret siden du så den, så ingenting er avgjort. {' '.join(told)} Se over den på nytt."


def _names(session: Session, event: Event, ids: Set[int]) -> str:
    """The first three by name, of this event only: a list that was made up gives no stranger away."""
    found = session.scalars(
        select(Registration)
        .where(Registration.id.in_(sorted(ids)[:1000]), Registration.event_id == event.id)
        .order_by(Registration.id)
    ).all()
    names = [one.full_name for one in found]
    if len(names) > 3:
        return f"{', '.join(names[:3])} og {wording.counted(len(names) - 3, 'annen', 'andre')}"
    return wording.listed(names) or "Noen"


def _adjusted(session: Session, ids: Set[int]) -> str:
    """Whoever made or took back the adjustments that differ."""
    who = select(func.coalesce(ApplicationAdjustment.undone_by_id, ApplicationAdjustment.user_id)).where(
        ApplicationAdjustment.id.in_(sorted(ids)[:1000])
    )
    names = session.scalars(select(User.name).where(User.id.in_(who)).order_by(User.name)).all()
    return f"{wording.listed(names) or 'Noen'} har justert listen."

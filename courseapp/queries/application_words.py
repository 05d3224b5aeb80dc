"""Applications in words: why a criterion is met, why a seat passed somebody by, what was decided, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import when, wording
from courseapp.domain import geography
from courseapp.domain.event import EventKind
from courseapp.domain.marking import N_
from courseapp.domain.ranking import Criterion, Effect, Shown
from courseapp.domain.registration import Role, Supervises
from courseapp.domain.waitlist import PassedReason
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.registration import ApplicationAdjustment, Registration
from courseapp.queries.ranking import Decision, Standing
from courseapp.speech import said
from courseapp.speech import said as _


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
            place = _("nr. %(place)d i rekkefølgen", place=effect.place) if effect.place else _("ikke i rekkefølgen")
            return f"{wording.short_label(one.primary_role)}, {place}"
        case Criterion.TIME:
            return said("Nr. %(place)d, %(at)s", place=told.times[one.id], at=when.moment(one.created_at))


def passed(hindered: tuple[PassedReason, Role] | None) -> str:
    """Why a free seat went past somebody; nothing where none did."""
    if hindered is None:
        return ""
    why, role = hindered
    name = wording.short_label(role)
    if why is PassedReason.ROLE_FULL:
        return said("Forbigått: plassene for %(role)s er fulle", role=name)
    return said("Forbigått: resten av plassene er holdt av til %(role)s", role=name)


def _region(municipality: str, regions: Mapping[str, str]) -> str:
    if not municipality:
        return said("Kommune ikke oppgitt")
    home = geography.municipality(municipality)
    if home is None:
        return said("Kjenner ikke kommunen «%(name)s»", name=municipality)
    region = geography.region_of(home)
    return said("%(name)s hører til %(office)s", name=home.label, office=regions.get(region, region))


def _supervises(whom: list[Supervises]) -> str:
    now = [wording.label(one) for one in whom if one is not Supervises.NONE]
    if now:
        return said("Veileder %(whom)s nå", whom=wording.listed(now))
    return said("Veileder ingen nå") if whom else said("Ikke oppgitt")


def _earlier(earlier: Event | None, told: Telling) -> str:
    """Another office's course is told without its date: that is that office's to tell."""
    kind = _lower(told.event.kind)
    if earlier is None:
        return said("Ikke på %(kind)s før", kind=kind)
    over = earlier.ends_at is not None and earlier.ends_at <= told.now
    if not _offices(earlier) & _offices(told.event):
        where = said("hos et annet kontor")
    else:
        where = when.sessions_dates([one for one in earlier.sessions if not one.cancelled])
    sentence = N_("Var på %(kind)s %(where)s") if over else N_("Har plass på %(kind)s %(where)s")
    return said(sentence, kind=kind, where=where)


def _offices(event: Event) -> set[int]:
    return {event.office_id, *(office.id for office in event.partners)}


def _lower(kind: EventKind) -> str:
    """«veilederkurs», but «ALIS-kveld»."""
    name = wording.label(kind)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def already_decided(decision: Decision) -> str:
    """Who was first, when, and what came of it."""
    name, at = decision.by or said("noen"), when.moment(decision.at)
    return said(
        "Søknadene ble avgjort av %(name)s %(at)s: %(seats)d fikk plass, %(line)d ble satt på venteliste, "
        "%(refused)d fikk avslag. Det kan ikke gjøres om herfra.",
        name=name,
        at=at,
        seats=decision.seats,
        line=decision.line,
        refused=decision.refused,
    )


def what_changed(session: Session, event: Event, shown: Shown, standing: Standing) -> str:
    """What is different since a list was shown: who came, who left, what a colleague did."""
    is_now = standing.shown
    told: list[str] = []
    if new := is_now.people - shown.people:
        told.append(said("%(names)s har søkt.", names=_names(session, event, new)))
    if gone := shown.people - is_now.people:
        told.append(said("%(names)s er ikke lenger blant søkerne.", names=_names(session, event, gone)))
    if touched := shown.adjustments ^ is_now.adjustments:
        told.append(_adjusted(session, touched))
    if shown.rules != is_now.rules:
        told.append(said("Plassene eller kriteriene er endret."))
    if not told:
        told.append(said("Opplysningene om en søker er endret."))
    return said(
        "Listen er endret siden du så den, så ingenting er avgjort. %(what)s Se over den på nytt.", what=" ".join(told)
    )


def _names(session: Session, event: Event, ids: Set[int]) -> str:
    """The first three by name, of this event only: a list that was made up gives no stranger away."""
    found = session.scalars(
        select(Registration)
        .where(Registration.id.in_(sorted(ids)[:1000]), Registration.event_id == event.id)
        .order_by(Registration.id)
    ).all()
    names = [one.full_name for one in found]
    if len(names) > 3:
        return wording.listed([*names[:3], wording.counted(len(names) - 3, _("annen"), _("andre"))])
    return wording.listed(names) or said("Noen")


def _adjusted(session: Session, ids: Set[int]) -> str:
    """Whoever made or took back the adjustments that differ."""
    who = select(func.coalesce(ApplicationAdjustment.undone_by_id, ApplicationAdjustment.user_id)).where(
        ApplicationAdjustment.id.in_(sorted(ids)[:1000])
    )
    names = session.scalars(select(User.name).where(User.id.in_(who)).order_by(User.name)).all()
    return said("%(names)s har justert listen.", names=wording.listed(names) or said("Noen"))

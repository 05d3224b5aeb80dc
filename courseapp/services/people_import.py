"""Lists of people come in: kept for an hour, their columns seen to, tried, and imported all at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import people_columns
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.domain.people_columns import MOST_ROLES, RoleMissing, TooManyRoles
from courseapp.domain.people_file import Fate, Read
from courseapp.domain.registration import Role, Source, Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.models.upload import PeopleUpload
from courseapp.queries.people_import import Trial, found, has_ended, trial
from courseapp.services import correspondence, enrolment, seats
from courseapp.services.changes import demanded, note, turn_for
from courseapp.services.roster import check_takes_people

KEPT_FOR = timedelta(hours=1)
MOST_WITH_MAIL = 100
"""More people than that are imported without mail: their letters would hold up every sign-up meanwhile."""


class Overtaken(DomainError):
    """What was shown is no longer what would happen."""

    message = N_("Noe er endret siden du så på lista, for eksempel at noen har meldt seg på. Se over den på nytt.")


class WrongRows(DomainError):
    """All or nothing, unless somebody says that the wrong ones are left out."""

    message = N_("Noen av radene har feil. Rett dem i fila, eller kryss av for å hoppe over dem.")


class NobodyNew(DomainError):
    """Every row is here already, or wrong."""

    message = N_("Ingen av radene er nye, så det er ingenting å importere.")


class TooManyLetters(DomainError):
    """Such a list is not what the mail is for."""

    message = N_("Du kan sende e-post til høyst 100 om gangen. Importer uten e-post, eller del lista i flere filer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """How to import. `seen`: the mark of the trial that was shown. `reason`: why all get a seat, whatever is free."""

    seen: str
    mail: bool
    skip_wrong: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many came in, and how many of them stand in line."""

    people: int
    waiting: int


def keep(slug: str, headings: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], actor: Actor) -> int:
    """Keep a list for an hour, with its columns guessed; returns its number. The actor's older one here is dropped.

    Raises NotFound, or what keeps the event from taking people (EventOver and kin).
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        check_takes_people(event)
        now = clock.now()
        _forget(tx, event, actor)
        columns = people_columns.guess_columns(headings, people_columns.fields_for(event.kind, hybrid=event.hybrid))
        kept = PeopleUpload(
            event_id=event.id,
            user_id=actor.user_id,
            headings=list(headings),
            rows=[[number, list(row)] for number, row in rows],
            columns=columns,
            roles={},
            made_at=now,
            expires_at=now + KEPT_FOR,
        )
        tx.add(kept)
        tx.add(note(event, "people_uploaded", actor, now, rows=len(rows)))
        tx.flush()
        return kept.id


def set_columns(slug: str, upload_id: int, columns: Sequence[str], roles: Mapping[str, str], actor: Actor) -> None:
    """Say which field each column is, and which role each text means.

    The columns are kept even where a role is still to be chosen, so that the texts can be shown. Raises NotFound,
    UploadGone, ColumnTwice, NoAddressColumn, NoNameColumn, TooManyRoles, or RoleMissing.
    """
    people_columns.check_columns(columns)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        kept = found(tx, event, upload_id, actor, clock.now())
        allowed = set(people_columns.fields_for(event.kind, hybrid=event.hybrid))
        wanted = [one if one in allowed else "" for one in columns][: len(kept.headings)]
        kept.columns = wanted + [""] * (len(kept.headings) - len(wanted))
        texts = people_columns.role_texts([row for _number, row in kept.rows], kept.columns)
        kept.roles = {text: roles[text] for text in texts if roles.get(text) in set(Role)}
        kept.mapped = len(kept.roles) == len(texts)
        many = len(texts) > MOST_ROLES
    if many:
        raise TooManyRoles
    if not kept.mapped:
        raise RoleMissing


def run(slug: str, upload_id: int, wish: ImportWish, actor: Actor) -> Imported:
    """Import every new row in one transaction: by the rules of the seats, in the order of the file, or all with seats.

    With mail everybody gets what a sign-up would give; without, as in `roster.add`. Rows of people who are in already,
    and addresses that come twice, are left out. Raises NotFound, UploadGone, ReasonMissing, Overtaken when the trial is
    no longer the one that was shown, WrongRows, NobodyNew, TooManyLetters, or what keeps the event from taking people.
    """
    reason = None if wish.reason is None else demanded(wish.reason)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        check_takes_people(event)
        kept = found(tx, event, upload_id, actor, now)
        tried = trial(tx, event, kept, now)
        mail = wish.mail and not has_ended(event, now)
        new = _new_ones(kept, tried, wish, mail=mail)
        statuses = tried.statuses if reason is None else (Status.REGISTERED,) * len(new)
        people = _enter(tx, event, new, statuses, now)
        _write_down(tx, event, people, actor, now, mail=mail, reason=reason, skipped=len(tried.rows) - len(new))
        if mail:
            page = seats.page(tx, event, now)
            for one in people:
                correspondence.for_status(tx, one, event, page, now)
        tx.delete(kept)
        return Imported(people=len(people), waiting=statuses.count(Status.WAITLISTED))


def _new_ones(kept: PeopleUpload, tried: Trial, wish: ImportWish, *, mail: bool) -> list[Read]:
    """Whom to import; raises what speaks against it."""
    if not kept.mapped or tried.seen != wish.seen:
        raise Overtaken
    if tried.count(Fate.WRONG) and not wish.skip_wrong:
        raise WrongRows
    new = [one.read for one in tried.rows if one.fate is Fate.NEW]
    if not new:
        raise NobodyNew
    if mail and len(new) > MOST_WITH_MAIL:
        raise TooManyLetters
    return new


def drop(slug: str, actor: Actor) -> None:
    """Delete what the actor has uploaded for this event. Raises NotFound; doing it twice changes nothing."""
    with transaction() as tx:
        _forget(tx, turn_for(tx, slug, actor), actor)


def _forget(tx: Session, event: Event, actor: Actor) -> None:
    tx.execute(delete(PeopleUpload).where(PeopleUpload.event_id == event.id, PeopleUpload.user_id == actor.user_id))


def _enter(
    tx: Session, event: Event, people: Sequence[Read], statuses: Sequence[Status], now: datetime
) -> list[Registration]:
    made = [
        enrolment.new(event, read.person, status, Source.IMPORT, now, mode=seats.room_of(event, read.mode))
        for read, status in zip(people, statuses, strict=True)
        if read.person is not None
    ]
    tx.add_all(made)
    tx.flush()
    return made


def _write_down(
    tx: Session,
    event: Event,
    people: Sequence[Registration],
    actor: Actor,
    now: datetime,
    *,
    mail: bool,
    reason: str | None,
    skipped: int,
) -> None:
    """One line for each person, and one for the event."""
    for one in people:
        entry = note(event, "imported", actor, now, status=one.status, mail=mail, reason=reason or "")
        entry.registration_id = one.id
        tx.add(entry)
    counts = seats.count(tx, event)
    taken = {"taken": counts.taken, "capacity": counts.capacity} if reason else {}
    told = {"people": len(people), "skipped": skipped, "mail": mail, "reason": reason or "", **taken}
    tx.add(note(event, "people_imported", actor, now, **told))

"""What has changed about an event since its participants were last told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from courseapp.domain import modes
from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode


class ChangeKind(StrEnum):
    """The kinds of change people are told about."""

    TITLE = "title"
    LEADERS = "leaders"
    TIME = "time"
    PLACE = "place"
    ADDED = "added"
    REMOVED = "removed"


class EndsBeforeStart(DomainError):
    """A session would end before it starts."""

    message = N_("En samling slutter før den begynner.")


class NoSessionLeft(DomainError):
    """Every session would be gone; that is a cancellation."""

    message = N_("Arrangementet må ha minst én samling. Skal det ikke holdes, avlyser du det.")


class NothingToTell(DomainError):
    """Everybody knows everything already."""

    message = N_("Det er ingen endringer å varsle om.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """What people know about one session. `place` is as calendars say it; of a hybrid event it leaves `link` out."""

    id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What people know about an event. `since`: when the first untold change was made; who came later knows it."""

    title: str
    leaders: tuple[str, ...]
    sessions: tuple[SessionFacts, ...]
    since: datetime

    def kept(self) -> dict[str, Any]:
        """As JSON for the database."""
        return {
            "title": self.title,
            "leaders": list(self.leaders),
            "since": self.since.isoformat(),
            "sessions": [
                {
                    "id": one.id,
                    "starts_at": one.starts_at.isoformat(),
                    "ends_at": one.ends_at.isoformat(),
                    "place": one.place,
                    **({"link": one.link} if one.link else {}),
                }
                for one in self.sessions
            ],
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Facts:
        """Out of the database again."""
        return cls(
            title=kept["title"],
            leaders=tuple(kept["leaders"]),
            since=datetime.fromisoformat(kept["since"]),
            sessions=tuple(
                SessionFacts(
                    id=one["id"],
                    starts_at=datetime.fromisoformat(one["starts_at"]),
                    ends_at=datetime.fromisoformat(one["ends_at"]),
                    place=one["place"],
                    link=one.get("link", ""),
                )
                for one in kept["sessions"]
            ),
        )

    def to(self, mode: Mode | None) -> Facts:
        """What concerns somebody in that room; both places and links for None."""
        sessions = (
            replace(one, place=modes.where(mode, place=one.place, link=one.link), link="") for one in self.sessions
        )
        return replace(self, sessions=tuple(sessions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed. For title and leaders texts stand before and after; for sessions the sessions do."""

    kind: ChangeKind
    before: str = ""
    after: str = ""
    old: SessionFacts | None = None
    new: SessionFacts | None = None


def differences(told: Facts, present: Facts) -> tuple[Change, ...]:
    """What changed, in the order people would tell it: the sessions by time, then title and leaders."""
    known = {one.id: one for one in told.sessions}
    there = {one.id: one for one in present.sessions}
    found: list[Change] = []
    for one in sorted({**known, **there}.values(), key=lambda each: each.starts_at):
        old, new = known.get(one.id), there.get(one.id)
        if new is None:
            found.append(Change(kind=ChangeKind.REMOVED, old=old))
        elif old is None:
            found.append(Change(kind=ChangeKind.ADDED, new=new))
        else:
            if (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at):
                found.append(Change(kind=ChangeKind.TIME, old=old, new=new))
            if old.place != new.place:
                found.append(Change(kind=ChangeKind.PLACE, old=old, new=new))
    if told.title != present.title:
        found.append(Change(kind=ChangeKind.TITLE, before=told.title, after=present.title))
    if told.leaders != present.leaders:
        texts = (", ".join(told.leaders), ", ".join(present.leaders))
        found.append(Change(kind=ChangeKind.LEADERS, before=texts[0], after=texts[1]))
    return tuple(found)

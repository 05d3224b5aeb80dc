"""Bydeler, etater and kommuner that things are held for: what a form suggests, and what a list can be cut down to."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import and_, literal_column, select

from courseapp.db import db
from courseapp.domain import geography, names
from courseapp.domain.access import Actor, may_organize
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.queries import belonging

# Written out, not bound: SQLite uses the partial index only where it can see that the condition is the index's own.
_HELD = Event.place_text != literal_column("''")
MOST_OWN = 20
"""What an office wrote itself comes first, what it wrote most often before the rest."""


def suggested(actor: Actor) -> tuple[str, ...]:
    """What was written before, then the bydeler and etater of the actor's offices, then the kommuner they serve."""
    offices = [one for one in db.session.scalars(select(Office).order_by(Office.id)) if may_organize(actor, [one.id])]
    ids = [one.id for one in offices]
    written = db.session.scalars(select(Event.place_text).where(Event.office_id.in_(ids), _HELD))
    own = [place for place, _times in Counter(written).most_common(MOST_OWN)]
    districts = [one.name for office in offices for one in office.districts if office.slug == "oslo"]
    slugs = {one.slug for one in offices}
    served = [one.label for one in geography.municipalities() if geography.region_of(one) in slugs]
    served.sort(key=lambda label: names.sort_key(label, ""))
    return tuple(dict.fromkeys([*own, *districts, *served]))


def of_events(actor: Actor) -> tuple[str, ...]:
    """What the actor's events with sign-up were held for, in Norwegian order."""
    places = belonging.facts(actor.offices, and_(_HELD, ~Event.typed), columns=(Event.place_text,))
    return tuple(sorted(db.session.scalars(select(places)), key=lambda place: names.sort_key(place, "")))

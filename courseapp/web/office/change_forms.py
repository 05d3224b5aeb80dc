"""The forms for changing an event, telling about it and calling it off."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from courseapp.queries.changes import EventFields
from courseapp.queries.plans import Choice
from courseapp.services.changes import LONGEST_REASON, EventWish, PlanWish, SessionWish
from courseapp.speech import lazy
from courseapp.web.forms import Form, Needed, text
from courseapp.web.office.plan_fields import PlanForm, approval_fields, approval_prefixes, day_text, offer_partners
from courseapp.web.office.session_fields import filled, session_fields, typed

LONGEST_MESSAGE = 1000


class EditForm(PlanForm):
    """An event as it is. `seen` is the last change that was made when the form was opened."""

    seen = HiddenField()

    def wish(self) -> EventWish:
        """What was asked for; call it on a form without errors only."""
        seen = self.seen.data or ""
        return EventWish(
            **self.words(),
            sessions=tuple(SessionWish(id=_number(one), **typed(self, one)) for one in self.wanted),
            plan=PlanWish(**self.window(), approvals=self.approvals(), partners=tuple(self.partners.data or ())),
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        )


def edit_form(shown: EventFields, offices: tuple[Choice, ...]) -> EditForm:
    """The form of one event, filled in: its sessions by their numbers in the database, and an empty one."""
    event = shown.event
    prefixes = (*(f"s{one.id}" for one in shown.sessions), "new")
    fields, held = approval_fields(event.approvals, room=0)
    for prefix in prefixes:
        fields |= session_fields(prefix)
    for session in shown.sessions:
        held |= filled(f"s{session.id}", session)
    held |= {name: getattr(event, name) for name in ("title", "target_group", "description")}
    held |= {
        "place_text": shown.place_text,
        "opens": day_text(event.opens_at),
        "closes": day_text(event.closes_at),
        "contact_name": event.contact_name,
        "contact_email": shown.contact_email,
        "contact_phone": shown.contact_phone,
        "partners": [one.slug for one in event.partners],
        "seen": str(shown.last_change),
    }
    own: dict[str, Any] = {
        "prefixes": prefixes,
        "approval_prefixes": approval_prefixes(fields),
        "was_open": event.opens_at,
        "was_closed": event.closes_at,
    }
    made: EditForm = type("ThisEditForm", (EditForm,), {**fields, **own})(data=held)
    offer_partners(made, offices, event.office.slug)
    return made


def _number(prefix: str) -> int | None:
    return None if prefix == "new" else int(prefix.removeprefix("s"))


class TellForm(Form):
    """What the organizer wants to say besides what changed."""

    message = text(
        lazy("Hilsen eller forklaring"), most=LONGEST_MESSAGE, hint=lazy("Står i e-posten under listen over endringer.")
    )


class CallOffForm(Form):
    """Why the event is called off."""

    reason = text(
        lazy("Hvorfor avlyses det?"),
        Needed("Skriv hvorfor arrangementet avlyses. Deltakerne får lese det."),
        most=LONGEST_REASON,
        hint=lazy("Alle som får beskjed, leser dette. Det står også på arrangementets side."),
    )

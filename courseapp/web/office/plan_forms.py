"""The form of a new event: filled in from its kind, or from an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import StopValidation

from courseapp import clock
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.kinds import TEMPLATES, end_of_day, shifted
from courseapp.domain.modes import NEVER_HYBRID
from courseapp.domain.planning import LARGEST, NewEvent, NewSession
from courseapp.queries.plans import Choice
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import FromList, OneOf, choices, line
from courseapp.web.office.plan_fields import PlanForm, approval_fields, approval_prefixes, day_text, offer_partners
from courseapp.web.office.session_fields import day_of, hours_text, session_fields, typed
from courseapp.when import OSLO
from courseapp.wording import counted

MOST_SESSIONS = 20
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What a new event can be made with."""

    offices: tuple[Choice, ...]
    all_offices: tuple[Choice, ...]
    pairs: tuple[Choice, ...]


class Seats:
    """A number of seats, or nothing for no bound."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Say which numbers there are."""
        if field.data and not (field.data.isdecimal() and len(field.data) < 6 and 1 <= int(field.data) <= LARGEST):
            raise StopValidation(_("Antall plasser må være et tall fra 1 til 10 000, eller stå tomt."))


class NewForm(PlanForm):
    """A wish for an event. `like`: the earlier event whose rules for seats come along; `count`: rows for sessions."""

    office = FromList(lazy("Ansvarlig kontor"))
    capacity = line(
        lazy("Antall plasser"),
        Seats(),
        most=6,
        inputmode="numeric",
        hint=lazy("La feltet stå tomt hvis alle får plass."),
    )
    hybrid = BooleanField(
        lazy("Folk kan velge mellom salen og digitalt"),
        description=lazy("Da telles de hver for seg, og antallet over gjelder salen."),
    )
    digital_capacity = line(
        lazy("Antall digitale plasser"),
        Seats(),
        most=6,
        inputmode="numeric",
        hint=lazy("La feltet stå tomt hvis det ikke er noen grense. Brukes bare når folk kan velge."),
    )
    seat_rule = OneOf(lazy("Slik får folk plass"))
    pair = FromList(lazy("Kursholderpar"))
    like = HiddenField()
    count = HiddenField()

    def wish(self, kind: EventKind) -> NewEvent:
        """What was asked for; call it on a form without errors only."""
        return NewEvent(
            **self.words(),
            **self.window_for(kind),
            office=self.office.data or next(value for value, *_rest in self.office.iter_choices()),
            kind=kind,
            sessions=tuple(NewSession(**typed(self, one)) for one in self.wanted),
            status=EventStatus.PUBLISHED if request.form.get("then") == "publish" else EventStatus.DRAFT,
            capacity=int(self.capacity.data) if self.capacity.data else None,
            hybrid=bool("hybrid" in self and self.hybrid.data),
            digital_capacity=int(self.digital_capacity.data or 0) or None if "digital_capacity" in self else None,
            seat_rule=SeatRule(self.seat_rule.data or SeatRule.FIRST_COME),
            approvals=self.approvals(),
            partners=tuple(self.partners.data or ()),
            pair_id=int(self.pair.data) if self.pair.data else None,
            like=self.like.data or "",
        )

    def window_for(self, kind: EventKind) -> dict[str, Any]:
        """When sign-up opens and closes; a deadline that was left open is the kind's own, but never past."""
        window = self.window()
        days = [day for one in self.wanted if (day := day_of(self[f"{one}_date"].data or ""))]
        if window["closes_at"] is None and days:
            usual = min(days) - timedelta(days=TEMPLATES[kind].closes_days)
            window["closes_at"] = end_of_day(max(usual, min(clock.now().astimezone(OSLO).date(), min(days) - A_DAY)))
        return window


def new_form(kind: EventKind, offered: Offered) -> NewForm:
    """A form that holds what its kind suggests, or what was sent."""
    template = TEMPLATES[kind]
    blank = {"date": "", "start": f"{template.start:%H:%M}", "end": f"{template.end:%H:%M}"}
    blank |= {"hours": hours_text(template.minutes), "place": "", "address": "", "video": ""}
    held = {
        "title": template.title,
        "target_group": template.target_group,
        "capacity": str(template.capacity or ""),
        "seat_rule": SeatRule.FIRST_COME,
    }
    rows = [blank] * _count(template.sessions)
    notice = counted(template.closes_days, _("dag"), _("dager"))
    usual = _("Står feltet tomt, blir det %(notice)s før første samling.", notice=notice)
    form = _made(rows, held, approval_fields(template.approvals, room=_approvals_sent()), offered, usual=usual)
    return _fitted(form, kind)


def copy_form(earlier: NewEvent, first_day: date, slug: str, offered: Offered) -> NewForm:
    """A form that holds an earlier event, moved so that it begins on `first_day`."""
    wish = shifted(earlier, first_day)
    held: dict[str, Any] = {
        name: getattr(wish, name) for name in ("title", "target_group", "place_text", "description")
    }
    held |= {name: getattr(wish, name) for name in ("contact_name", "contact_email", "contact_phone", "seat_rule")}
    held |= {
        "office": wish.office,
        "capacity": str(wish.capacity or ""),
        "hybrid": wish.hybrid,
        "digital_capacity": str(wish.digital_capacity or ""),
        "opens": day_text(wish.opens_at),
        "closes": day_text(wish.closes_at),
        "partners": list(wish.partners),
        "pair": str(wish.pair_id or ""),
        "like": slug,
    }
    rows = [_row(one) for one in wish.sessions]
    return _fitted(_made(rows, held, approval_fields(wish.approvals, room=0), offered), wish.kind)


def _fitted(form: NewForm, kind: EventKind) -> NewForm:
    """A kind that has to be in one room is not asked about two."""
    if kind in NEVER_HYBRID:
        del form.hybrid, form.digital_capacity
    return form


def first_day(value: str, proposed: date) -> date:
    """The day asked for in the address, or the proposed one where it is none."""
    return day_of(value) or proposed


def _row(session: NewSession) -> dict[str, str]:
    starts, ends = session.starts_at.astimezone(OSLO), session.ends_at.astimezone(OSLO)
    return {
        "date": f"{starts:%Y-%m-%d}",
        "start": f"{starts:%H:%M}",
        "end": f"{ends:%H:%M}",
        "place": session.place,
        "address": session.address,
        "video": session.video_url,
        "hours": hours_text(session.minutes),
    }


def _made(
    rows: list[dict[str, str]],
    held: dict[str, Any],
    approvals: tuple[dict[str, Any], dict[str, Any]],
    offered: Offered,
    *,
    usual: str = "",
) -> NewForm:
    fields, texts = approvals
    held = {**held, **texts, "count": str(len(rows))}
    prefixes = tuple(f"n{number}" for number in range(1, len(rows) + 1))
    for prefix, row in zip(prefixes, rows, strict=True):
        fields |= session_fields(prefix)
        held |= {f"{prefix}_{name}": value for name, value in row.items()}
    own = {"prefixes": prefixes, "approval_prefixes": approval_prefixes(fields)}
    form: NewForm = type("ThisNewForm", (NewForm,), {**fields, **own})(data=held)
    form.count.data = str(len(rows))
    form.closes.description = _("Ut dagen. %(usual)s", usual=usual) if usual else form.closes.description
    form.office.choices = [(one.code, one.name) for one in offered.offices]
    form.pair.choices = [("", _("Velges senere")), *((one.code, one.name) for one in offered.pairs)]
    form.seat_rule.choices = choices(SeatRule)
    offer_partners(form, offered.all_offices, offered.offices[0].code if len(offered.offices) == 1 else "")
    return form


def _count(usual: int) -> int:
    """How many rows for sessions: as many as were sent, and one more where that was the wish."""
    sent = request.form.get("count", "")
    count = int(sent) if sent.isdecimal() and len(sent) < 4 else usual
    return max(1, min(count + ("more" in request.form), MOST_SESSIONS))


def _approvals_sent() -> int:
    return sum(f"a{number}_text" in request.form for number in range(1, 9))

"""A new event: from its kind, or as a copy of an earlier one. Organizers only; to others the pages are not there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock, when, wording
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventKind
from courseapp.domain.kinds import TEMPLATES, next_time
from courseapp.domain.planning import COURSE_MINUTES
from courseapp.queries import areas, plans
from courseapp.services import events
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.office.plan_forms import NewForm, Offered, copy_form, first_day, new_form
from courseapp.web.security import keep_secret

bp = Blueprint("planning", __name__)


@bp.get("/nytt")
def kinds() -> ResponseReturnValue:
    """What kind shall it be."""
    _offered()
    return render_template("office/planning/kinds.html", kinds=TEMPLATES)


@bp.route("/nytt/<kind>", methods=["GET", "POST"])
def new(kind: str) -> ResponseReturnValue:
    """The form, filled in as far as its kind can."""
    wanted = next((one for one in TEMPLATES if one == kind), None)
    if wanted is None:
        abort(404)
    form = new_form(wanted, _offered())
    if "more" not in request.form and form.validate_on_submit():
        try:
            slug = events.create(form.wish(wanted), actor=actor())
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(wording.refusal(refusal))
        else:
            published = request.form.get("then") == "publish"
            flash(_("Arrangementet er publisert.") if published else _("Utkastet er lagret."), "success")
            return redirect(url_for("office.overview.show", slug=slug), 303)
    return _page(form, wanted)


@bp.get("/arrangementer/<slug>/kopier")
def copy(slug: str) -> ResponseReturnValue:
    """The same form, filled in from an earlier event with its days moved."""
    earlier = plans.earlier(actor(), slug)
    proposed = next_time(earlier, when.local(clock.now()).date())
    day = first_day(request.args.get("dato", ""), proposed)
    form = copy_form(earlier, day, slug, _offered())
    page = render_template(
        "office/planning/copy.html", form=form, copied=slug, day=day.isoformat(), **_about(earlier.kind)
    )
    return keep_secret(make_response(page))


def _offered() -> Offered:
    """What the actor can make events with; whoever may make none finds no such page."""
    offices = plans.organized_offices(actor())
    if not offices:
        raise NotFound
    return Offered(offices=offices, all_offices=plans.all_offices(), pairs=plans.pairs(actor()))


def _about(kind: EventKind) -> dict[str, Any]:
    goal = COURSE_MINUTES if kind is EventKind.VEILEDERKURS else None
    return {"kind": kind, "goal": goal, "areas": areas.suggested(actor())}


def _page(form: NewForm, kind: EventKind) -> ResponseReturnValue:
    page = render_template("office/planning/new.html", form=form, **_about(kind))
    return keep_secret(make_response(page, form.code))

"""The practice groups of an event: look, print, divide, and put right by hand."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from courseapp import clock
from courseapp.domain.access import check
from courseapp.domain.groups import EIGHT
from courseapp.queries import groups as rows
from courseapp.queries.groups import GroupsPage
from courseapp.services import groups, journal
from courseapp.speech import said as _
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm, Form
from courseapp.web.office.group_forms import GroupForm, MoveForm, PlaceForm, SeenForm, divide_form
from courseapp.web.office.line_forms import number_of
from courseapp.web.security import keep_secret
from courseapp.wording import listed

bp = Blueprint("groups", __name__, url_prefix="/arrangementer/<slug>/grupper")


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    """The groups, those without one first, and how good the division is."""
    return _page(slug)


@bp.route("/del", methods=["GET", "POST"])
def divide(slug: str) -> ResponseReturnValue:
    """Choose how many groups; where there are some, this is the question before they are made anew."""
    shown = _shown(slug)
    check(shown.may_change)
    form = divide_form(shown)
    if form.validate_on_submit() and form.does(
        lambda: groups.divide(
            slug, count=number_of(form.count.data) or 0, led_by_all=form.together(), seen=form.mark(), actor=actor()
        ),
    ):
        flash(_("Delt inn i grupper. Ingen får e-post om det."), "success")
        return redirect(url_for(".show", slug=slug), 303)
    form.seen.data = str(shown.seen)
    page = render_template("office/groups/divide.html", shown=shown, form=form, most=EIGHT)
    return keep_secret(make_response(page, form.code))


@bp.post("/flytt")
def move(slug: str) -> ResponseReturnValue:
    """One person to another group, or in exchange for another person."""
    form = MoveForm()
    person, group, other = form.who(), form.group(), form.other()
    if person is None or (group is None and other is None):
        check(_shown(slug).may_change)
        return _back(slug, _("Velg hvem som skal flyttes, og hvor."), "warning")
    if group is not None:
        return _act(
            slug, form, lambda: groups.move(slug, person, group, seen=form.mark(), actor=actor()), _("Flyttet."), group
        )
    return _act(
        slug,
        form,
        lambda: groups.swap(slug, person, other or 0, seen=form.mark(), actor=actor()),
        _("De to har byttet gruppe."),
    )


@bp.post("/plasser")
def place(slug: str) -> ResponseReturnValue:
    """Someone without a group, or all of them, into the best one; or into the one that was chosen."""
    form = PlaceForm()
    person, group = form.who(), form.group()
    if person is not None and group is not None:
        return _act(
            slug,
            form,
            lambda: groups.move(slug, person, group, seen=form.mark(), actor=actor()),
            _("Plassert i gruppe %(number)s.", number=group),
            group,
        )
    found: list[int] = []
    return _act(
        slug,
        form,
        lambda: found.extend(groups.place(slug, seen=form.mark(), actor=actor(), registration_id=person)),
        lambda: (
            _("Plassert i gruppe %(numbers)s.", numbers=listed([str(one) for one in sorted(set(found))]))
            if found
            else _("Alle har en gruppe alt.")
        ),
    )


@bp.post("/<int(max=2147483647):number>")
def change(slug: str, number: int) -> ResponseReturnValue:
    """A group's name and leader."""
    form = GroupForm()
    if form.validate_on_submit() and form.does(
        lambda: groups.change(slug, number, form.wish(), seen=form.mark(), actor=actor())
    ):
        flash(_("Lagret."), "success")
        return redirect(url_for(".show", slug=slug, _anchor=f"gruppe-{number}"), 303)
    return _page(slug, sent=form, number=number)


@bp.route("/fjern", methods=["GET", "POST"])
def clear(slug: str) -> ResponseReturnValue:
    """Ask, then take all groups away."""
    shown = _shown(slug)
    check(shown.may_change)
    form = SeenForm(data={"seen": str(shown.seen)})
    if form.validate_on_submit() and form.does(lambda: groups.clear(slug, seen=form.mark(), actor=actor())):
        flash(_("Gruppene er fjernet."), "success")
        return redirect(url_for(".show", slug=slug), 303)
    form.seen.data = str(shown.seen)
    return keep_secret(make_response(render_template("office/groups/clear.html", shown=shown, form=form), form.code))


def _shown(slug: str) -> GroupsPage:
    return rows.page(actor(), slug, clock.now())


def _page(slug: str, sent: GroupForm | None = None, number: int = 0) -> ResponseReturnValue:
    """The groups; with what was sent about one of them where it was refused."""
    shown = _shown(slug)
    journal.note_read(actor(), shown.event.id, "participants_read")
    page = render_template(
        "office/groups/show.html", shown=shown, form=ActForm(formdata=None), sent=sent, number=number, most=EIGHT
    )
    return keep_secret(make_response(page, sent.code if sent else 200))


def _act(
    slug: str, form: Form, act: Callable[[], object], said: str | Callable[[], str], number: int = 0
) -> ResponseReturnValue:
    """Do what a button asks and say what came of it, back among the groups."""
    if form.validate_on_submit() and form.does(act):
        return _back(slug, said if isinstance(said, str) else said(), "success", number)
    return _back(slug, str(next(iter(form.form_errors), _("Dette går ikke."))), "warning")


def _back(slug: str, said: str, colour: str, number: int = 0) -> ResponseReturnValue:
    flash(said, colour)
    return redirect(url_for(".show", slug=slug, _anchor=f"gruppe-{number}" if number else None), 303)

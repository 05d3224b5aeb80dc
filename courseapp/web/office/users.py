"""Those who may log in: let in, given roles, shut out. For administrators, each for her own office."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from courseapp import clock, wording
from courseapp.domain.access import UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.queries import users as rows
from courseapp.queries.users import OfficeChoice, RoleRow, UserPage
from courseapp.services import second_factor, sessions, users
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web import auth
from courseapp.web.auth import actor
from courseapp.web.forms import ActForm, Form, FromList, Needed, NoAddress, address, choices, line
from courseapp.web.office.auth import say
from courseapp.web.security import keep_secret

bp = Blueprint("users", __name__)
COUNTRY = "landet"


@bp.after_request
def secret(response: Response) -> Response:
    """Names and addresses stand on every page here."""
    return keep_secret(response)


class InvitationForm(Form):
    """A colleague to let in."""

    name = line(lazy("Navn"), Needed("Skriv inn navnet."), NoAddress(), most=100, autocomplete="off")
    email = address(lazy("E-post"), Needed("Skriv inn e-postadressen."))
    office = FromList(lazy("Kontor"), [Needed("Velg kontor.")])
    role = FromList(lazy("Rolle"), [Needed("Velg rolle.")])

    def wish(self) -> users.InvitationWish:
        """What was asked for."""
        return users.InvitationWish(
            email=self.email.data or "",
            name=self.name.data or "",
            role=UserRole(self.role.data),
            office=_slug(self.office.data),
        )


class RoleForm(Form):
    """Another role at one office."""

    role = FromList(lazy("Rolle"), [Needed("Velg rolle.")])


@bp.get("/brukere")
def index() -> ResponseReturnValue:
    """Everybody I look after."""
    return render_template("office/users/index.html", shown=rows.listed(actor()))


@bp.route("/brukere/ny", methods=["GET", "POST"])
@auth.fresh
def invite() -> ResponseReturnValue:
    """Let somebody in; she gets a link by mail."""
    shown = rows.listed(actor())
    form = InvitationForm()
    form.office.choices = [(one.slug or COUNTRY, one.name or _("Hele landet")) for one in shown.offices]
    form.role.choices = [*reversed(choices(UserRole))]
    status = form.code
    if form.validate_on_submit():
        try:
            user_id = users.invite(form.wish(), actor=actor())
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            flash(_("%(name)s har fått tilgang. Nye brukere får en lenke på e-post.", name=form.name.data), "success")
            return redirect(url_for(".show", user_id=user_id), 303)
    elif form.is_submitted():
        status = 422
    return render_template("office/users/invite.html", form=form), status


@bp.get("/brukere/<int(max=2147483647):user_id>")
def show(user_id: int) -> ResponseReturnValue:
    """One user: roles, second factor, log-ins."""
    shown = rows.one(actor(), user_id, clock.now())
    return render_template("office/users/show.html", shown=shown, form=ActForm(), country=COUNTRY)


@bp.route("/brukere/<int(max=2147483647):user_id>/rolle/<office>", methods=["GET", "POST"])
@auth.fresh
def role(user_id: int, office: str) -> ResponseReturnValue:
    """Another role at an office."""
    shown = rows.one(actor(), user_id, clock.now())
    found = _role_at(shown, office)
    form, status = RoleForm(role=found.role), 200
    form.role.choices = _roles_at(found.office)
    if form.validate_on_submit():
        try:
            users.set_role(user_id, _slug(office), UserRole(form.role.data), actor=actor())
        except DomainError as refusal:
            status = say(form, refusal)
        else:
            flash(_("Rollen er endret."), "success")
            return redirect(url_for(".show", user_id=user_id), 303)
    elif form.is_submitted():
        status = 422
    return render_template("office/users/role.html", shown=shown, form=form, office=found.office, code=office), status


@bp.post("/brukere/<int(max=2147483647):user_id>/rolle/<office>/fjern")
@auth.fresh
def remove_role(user_id: int, office: str) -> ResponseReturnValue:
    """Out of an office."""
    there, done = _role_at(rows.one(actor(), user_id, clock.now()), office).office, _("Tilgangen er tatt bort.")
    return _act(user_id, lambda: users.remove_role(user_id, there.slug, actor=actor()), done)


@bp.post("/brukere/<int(max=2147483647):user_id>/inviter")
@auth.fresh
def send_again(user_id: int) -> ResponseReturnValue:
    """A new invitation."""
    return _act(user_id, lambda: users.send_again(user_id, actor=actor()), _("En ny lenke er sendt på e-post."))


@bp.post("/brukere/<int(max=2147483647):user_id>/steng")
@auth.fresh
def close(user_id: int) -> ResponseReturnValue:
    """Shut out, at once and everywhere."""
    return _act(user_id, lambda: users.close(user_id, actor=actor()), _("Brukeren er stengt ute."))


@bp.post("/brukere/<int(max=2147483647):user_id>/slipp-inn")
@auth.fresh
def reopen(user_id: int) -> ResponseReturnValue:
    """Let in again."""
    return _act(user_id, lambda: users.reopen(user_id, actor=actor()), _("Brukeren kan logge inn igjen."))


@bp.post("/brukere/<int(max=2147483647):user_id>/totrinn/nullstill")
@auth.fresh
def reset_factor(user_id: int) -> ResponseReturnValue:
    """Her second factor is set up anew at the next log-in."""
    done = _("Totrinnsinnloggingen er nullstilt. Brukeren får beskjed på e-post.")
    return _act(user_id, lambda: second_factor.reset(user_id, actor()), done)


@bp.post("/brukere/<int(max=2147483647):user_id>/logg-ut")
@auth.fresh
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Out everywhere."""
    return _act(user_id, lambda: sessions.end_for(user_id, actor()), _("Brukeren er logget ut overalt."))


def _act(user_id: int, act: Callable[[], None], done: str) -> Answer:
    """Do it, say so, and show her; what is refused is said in the same place."""
    form = ActForm()
    if not form.validate_on_submit():
        flash(form.form_errors[0], "warning")
        return _to(user_id)
    try:
        act()
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording.refusal(refusal), "warning")
    else:
        flash(done, "success")
    return _to(user_id)


def _to(user_id: int) -> Answer:
    """Her page; the list where taking a role away has put her out of sight."""
    try:
        rows.one(actor(), user_id, clock.now())
    except NotFound:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".show", user_id=user_id), 303)


def _role_at(shown: UserPage, office: str) -> RoleRow:
    """The role there that the actor may change. Raises NotFound."""
    found = next((one for one in shown.user.roles if one.mine and (one.office.slug or COUNTRY) == office), None)
    if found is None:
        raise NotFound
    return found


def _roles_at(office: OfficeChoice) -> list[tuple[str, str]]:
    """An organizer belongs to an office."""
    return [one for one in choices(UserRole) if office.slug is not None or one[0] != UserRole.ORGANIZER]


def _slug(office: str | None) -> str | None:
    return None if office == COUNTRY else office

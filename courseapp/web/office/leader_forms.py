"""The forms for course leaders: one leader, a pair, and who leads an event."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField

from courseapp.domain.language import Language
from courseapp.queries.assigning import Assignment, Choice
from courseapp.queries.leaders import LeaderRow, PairRow, Register
from courseapp.services.leaders import MOST_LEADERS, LeaderWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, FromList, Needed, OneOf, address, line, phone, spoken, tidy_line
from courseapp.when import clock_time, short_day
from courseapp.wording import listed, number


def _readable(value: str | None) -> str:
    """One line without signs that nobody can type."""
    return "".join(sign for sign in tidy_line(value) if sign.isprintable())


class RegisterFilter(Form):
    """What the register shows; read from the address."""

    class Meta(Form.Meta):
        """A filter changes nothing."""

        csrf = False

    sok = StringField(lazy("Søk"), filters=[_readable], render_kw={"type": "search"})
    kontor = FromList(lazy("Kontor"))
    alle = BooleanField(lazy("Vis også de som har sluttet"))


class LeaderForm(Form):
    """What stands about a leader."""

    office = FromList(lazy("Kontor"))
    name = line(lazy("Navn"), Needed("Skriv navnet til kursholderen."), most=100, autocomplete="off")
    email = address(
        lazy("E-post"),
        Needed("Skriv e-postadressen til kursholderen."),
        hint=lazy("Hit sender vi kalenderinvitasjoner og beskjeder om kursene."),
    )
    mobile = phone(lazy("Mobil"))
    workplace = line(lazy("Arbeidssted"), most=200, autocomplete="off")
    language = spoken(lazy("Språk i e-posten"))

    def wish(self) -> LeaderWish:
        """What was asked for; call it on a form without errors only."""
        return LeaderWish(
            name=self.name.data or "",
            email=self.email.data or "",
            mobile=getattr(self.mobile, "kept", ""),
            workplace=self.workplace.data or "",
            language=Language(self.language.data or Language.BOKMAL),
        )


def add_form(shown: Register) -> LeaderForm:
    """An empty form for the offices the reader organizes."""
    form = LeaderForm()
    form.office.choices = [(one.slug, one.name) for one in shown.organizes]
    return form


def edit_form(row: LeaderRow) -> LeaderForm:
    """The form of one leader, filled in; the register she stands in stays."""
    form = LeaderForm(data={name: getattr(row, name) for name in ("name", "email", "mobile", "workplace", "language")})
    form.office.choices = [(row.office.slug, row.office.name)]
    return form


class PairForm(Form):
    """Two who lead together."""

    first = FromList(lazy("Den ene"), [Needed("Velg en kursholder.")])
    second = FromList(lazy("Den andre"), [Needed("Velg en kursholder til.")])


def pair_form(shown: Register) -> PairForm:
    """Everybody in the registers the reader organizes."""
    form, mine = PairForm(), {one.slug for one in shown.organizes}
    several = len(mine) > 1
    people = [
        (str(one.id), f"{one.name} ({one.office.short_name})" if several else one.name)
        for one in shown.leaders
        if one.office.slug in mine and one.active
    ]
    form.first.choices = form.second.choices = [("", _("Velg")), *people]
    return form


class _AssignForm(Form):
    """Everything but the single leaders, who differ from event to event."""

    pair = OneOf(lazy("Fast par"))
    leader_fields: tuple[tuple[int, str], ...] = ()

    def pair_id(self) -> int | None:
        """The pair that was chosen."""
        return int(self.pair.data) if self.pair.data else None

    def leader_ids(self) -> tuple[int, ...]:
        """The single leaders in the order that was chosen; equal numbers keep the order of the page."""
        wanted = [(int(self[name].data), leader_id) for leader_id, name in self.leader_fields if self[name].data]
        return tuple(leader_id for _place, leader_id in sorted(wanted, key=lambda one: one[0]))


def assign_form(shown: Assignment) -> _AssignForm:
    """The form of one event: a pair or none, and a place in the order for each single leader."""
    names = tuple((one.id, f"l{one.id}") for one in shown.choices)
    fields: dict[str, Any] = {
        name: FromList(one.name) for (_leader_id, name), one in zip(names, shown.choices, strict=True)
    }
    filled = {f"l{one.id}": str(one.position or "") for one in shown.choices}
    filled["pair"] = str(shown.pair_id or "")
    form: _AssignForm = type("AssignForm", (_AssignForm,), {**fields, "leader_fields": names})(data=filled)
    form.pair.choices = [("", _("Ikke noe fast par")), *((str(one.id), _pair(shown, one)) for one in shown.pairs)]
    places = [("", _("Ikke med")), *((str(place), f"{place}.") for place in range(1, MOST_LEADERS + 1))]
    for choice in shown.choices:
        field = form[f"l{choice.id}"]
        field.choices = places
        if choice.clashes and not choice.position:
            field.render_kw = {"disabled": True}
    return form


def _pair(shown: Assignment, pair: PairRow) -> str:
    """«Ane Berg og Bo Dahl – 2 kurs i år. Bo Dahl er opptatt.»"""
    count = _("%(held)s holdt i år, %(coming)s kommer", held=number(pair.held), coming=number(pair.coming))
    busy = [one for one in shown.busy_pair(pair) if one.clashes]
    if not busy:
        return f"{pair.name} – {count}"
    return f"{pair.name} – {count}. {' '.join(busy_text(one) for one in busy)}"


def busy_text(choice: Choice) -> str:
    """«Bo Dahl er opptatt: 22. mars 2027 kl. 09.00, «Kurs», Bodø.» Says where, too, for what is the same day only."""
    told = [
        ", ".join(
            filter(None, [f"{short_day(one.starts_at)} kl. {clock_time(one.starts_at)}", f"«{one.title}»", one.place])
        )
        for one in choice.busy
        if one.clashes
    ]
    return str(_("%(name)s er opptatt: %(where)s.", name=choice.name, where=listed(told)))

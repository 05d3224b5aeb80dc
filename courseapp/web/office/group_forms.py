"""The forms for practice groups. The lists of people and groups are drawn by the page; here is what may come back."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from courseapp.domain.groups import fewest_groups
from courseapp.queries.groups import GroupsPage
from courseapp.services.groups import LONGEST_NAME, GroupWish
from courseapp.speech import lazy
from courseapp.speech import said as _
from courseapp.web.forms import Form, Needed, OneOf, line
from courseapp.web.office.line_forms import Whole, number_of

ALL, EACH = "all", "each"
GROUP, PERSON = "g", "p"


class SeenForm(Form):
    """What every act carries: the mark of the groups that were looked at."""

    seen = HiddenField()

    def mark(self) -> int:
        """The mark; one that is made up is as old as can be."""
        return number_of(self.seen.data) or 0


class DivideForm(SeenForm):
    """How many groups, and who leads them."""

    count = line(
        lazy("Antall grupper"), Needed("Skriv hvor mange grupper."), Whole(1, 999), most=9, inputmode="numeric"
    )
    led = OneOf(lazy("Kursholdere"), [Needed("Velg hvem som leder gruppene.")])

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.led.choices = [
            (EACH, _("Én kursholder per gruppe")),
            (ALL, _("Alle kursholderne sammen for alle gruppene")),
        ]

    def together(self) -> bool:
        """Whether all leaders lead every group."""
        return bool(self.led.data == ALL)


def divide_form(shown: GroupsPage) -> DivideForm:
    """The form, filled in with the proposal; on the page where the groups are, with how it is now."""
    together = all(one.led_by_all for one in shown.groups) if shown.groups else len(shown.leaders) < shown.proposed
    enough = len(shown.groups) >= fewest_groups(shown.total)
    count = len(shown.groups) if shown.groups and enough else shown.proposed
    return DivideForm(data={"count": str(count), "led": ALL if together else EACH, "seen": str(shown.seen)})


class MoveForm(SeenForm):
    """Who, and where: a group's number, or somebody to change places with."""

    person = StringField()
    to = StringField()

    def who(self) -> int | None:
        """The person, None where nobody was chosen."""
        return number_of(self.person.data)

    def group(self) -> int | None:
        """The group that was chosen, if it was a group."""
        return self._chosen(GROUP)

    def other(self) -> int | None:
        """The person to change places with, if it was one."""
        return self._chosen(PERSON)

    def _chosen(self, kind: str) -> int | None:
        value = self.to.data or ""
        return number_of(value[1:]) if value[:1] == kind else None


class PlaceForm(MoveForm):
    """A person without a group, or nobody for all of them, and a group, or none for the best."""


class GroupForm(SeenForm):
    """A group's name and leader."""

    name = line(lazy("Navn på gruppen"), most=LONGEST_NAME, autocomplete="off")
    leader = StringField()

    def wish(self) -> GroupWish:
        """What was asked for. A leader who is none is nobody's place at the event."""
        leader = self.leader.data or ""
        leader_id = None if leader in {"", ALL} else number_of(leader) or 0
        return GroupWish(name=self.name.data or "", led_by_all=leader == ALL, leader_id=leader_id)

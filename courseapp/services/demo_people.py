"""Invented people for the demo, the same every time. For `demo` only."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from courseapp.domain.event import SHORT_FORM
from courseapp.domain.geography import municipalities, region_of
from courseapp.domain.planning import NewEvent
from courseapp.domain.registration import Reason, Role, Supervises
from courseapp.domain.rows import PersonDetails
from courseapp.domain.slugs import slugify
from courseapp.queries import events

SEED = 2027
PEOPLE_OF_AN_OFFICE = 60
ROLES = {
    Role.ALIS: 42,
    Role.SPECIALIST_GENERAL_PRACTICE: 34,
    Role.SAMLIS: 6,
    Role.SPECIALIST_COMMUNITY_MEDICINE: 6,
    Role.LIS1: 4,
    Role.DOCTOR: 4,
    Role.OTHER_SPECIALIST: 2,
    Role.NOT_DOCTOR: 2,
}
"""How often each role comes, about as in the reports."""

SUPERVISORS = frozenset({Role.SPECIALIST_GENERAL_PRACTICE, Role.SPECIALIST_COMMUNITY_MEDICINE, Role.OTHER_SPECIALIST})


class Crowd:
    """Doctors of the six offices; the same doctor may come to several events of her office."""

    def __init__(self, people: dict[str, list[PersonDetails]]) -> None:
        self._people = people
        self._dice = random.Random(SEED)  # noqa: S311 - invented people, no secret

    def at(self, wish: NewEvent, number: int) -> list[PersonDetails]:
        """So many different people at an event, with no more about each than its form asks."""
        chosen = self._dice.sample(self._people[wish.office], number)
        return [_short(one) if wish.kind in SHORT_FORM else one for one in chosen]

    def from_everywhere(self, wish: NewEvent, number: int) -> list[PersonDetails]:
        """Half of them from the office's own region, the others from all over; two left the municipality out."""
        own = self._dice.sample(self._people[wish.office], number - number // 2)
        others = [one for office, people in self._people.items() if office != wish.office for one in people]
        chosen = [*own, *self._dice.sample(others, number // 2)]
        self._dice.shuffle(chosen)
        return [replace(one, municipality="", district="") if at % 7 == 5 else one for at, one in enumerate(chosen)]


def invented() -> Crowd:
    """A fresh crowd."""
    dice = random.Random(SEED)  # noqa: S311 - invented people, no secret
    names = list(product(_data()["first_names"], _data()["last_names"]))
    dice.shuffle(names)
    offices = [office.slug for office in events.offices()]
    return Crowd(
        {
            slug: [
                _person(dice, slug, *names[at * PEOPLE_OF_AN_OFFICE + one], one) for one in range(PEOPLE_OF_AN_OFFICE)
            ]
            for at, slug in enumerate(offices)
        }
    )


def leader_names() -> dict[str, list[tuple[str, str]]]:
    """Name and address of the course leaders of each office that has any."""
    return {
        office: [(name, f"{_address(name)}.kursholder@example.org") for name in names]
        for office, names in _data()["leaders"].items()
    }


@cache
def _data() -> dict[str, Any]:
    text = files("courseapp").joinpath("data", "demo.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _person(dice: random.Random, office: str, first: str, last: str, number: int) -> PersonDetails:
    role = dice.choices(list(ROLES), list(ROLES.values()))[0]
    supervises = role in SUPERVISORS
    places = [one.label for one in municipalities() if region_of(one) == office]
    return PersonDetails(
        first_name=first,
        last_name=last,
        email=f"{_address(f'{first} {last}')}@example.org",
        mobile=f"+4740612{300 + number}",
        primary_role=role,
        other_roles=(Role.SAMLIS,) if role is Role.SPECIALIST_GENERAL_PRACTICE and number % 7 == 0 else (),
        workplace=dice.choice(_data()["workplaces"]),
        municipality=dice.choice(places),
        district=dice.choice(events.districts(office)) if office == "oslo" else "",
        hpr_number="" if role is Role.NOT_DOCTOR or number % 5 == 0 else str(99_900_000 + dice.randrange(99_999)),
        supervises=(Supervises.ALIS, Supervises.LIS1)[: 1 + number % 2] if supervises else (Supervises.NONE,),
        reason=Reason.SUPERVISOR if supervises else dice.choice([Reason.LEARNING_ACTIVITY, Reason.EMNEKURS]),
        note=dice.choice(_data()["notes"]) if number % 9 == 0 else "",
        dietary_needs=dice.choice(_data()["dietary_needs"]) if number % 6 == 0 else "",
    )


def _short(person: PersonDetails) -> PersonDetails:
    """What an ALIS-kveld asks: name, address, role and workplace."""
    return replace(
        person,
        mobile="",
        other_roles=(),
        municipality="",
        district="",
        hpr_number="",
        supervises=(),
        reason=None,
        note="",
        dietary_needs="",
    )


def _address(name: str) -> str:
    return slugify(name).replace("-", ".")

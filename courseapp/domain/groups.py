"""Practice groups: who learns with whom.

What a division aims at, in this order, each only as far as the ones before it allow:

1. At most EIGHT in a group, and no group more than one larger than another.
2. Roles spread evenly: of each role no group has more than one more than another.
3. As few pairs as can be of people from one workplace in the same group.
4. As few pairs as can be of people from one municipality in the same group.

The first three are met to the full by every division from scratch. Where a workplace has k people and there are G
groups, k = q·G + r, the fewest pairs are G·q(q-1)/2 + r·q, reached when it is spread evenly; `even_spread` spreads all
roles and all workplaces evenly at once, which is always possible. The fourth is then searched for by exchanging people,
where that costs nothing of the first three; how near it came to the fewest that could be is told with the result.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from courseapp.domain.errors import DomainError
from courseapp.domain.even_spread import spread
from courseapp.domain.marking import N_
from courseapp.domain.registration import Role

EIGHT = 8
"""The most people in a group."""

FEWEST_TO_ROUND = 4
"""Groups are not made smaller than this only to give every leader as many."""

MOST_TRIES = 150_000
"""Exchanges that are looked at before the search ends; a course of 60 needs a tenth."""

_ROLES = {role: order for order, role in enumerate(Role)}


class NobodyToDivide(DomainError):
    """Groups are made of those who have a seat."""

    message = N_("Ingen har plass ennå, så det er ingen å dele inn i grupper.")


class TooFewGroups(DomainError):
    """More than eight would stand in a group; the sentence says how many groups are needed."""

    def __init__(self, people: int) -> None:
        few = N_(
            "Det er %(people)d å dele, og en gruppe har høyst %(most)d. Antallet grupper må være minst %(groups)d."
        )
        super().__init__(few, people=people, most=EIGHT, groups=fewest_groups(people))


class TooManyGroups(DomainError):
    """A group would be empty; the sentence says how many there may be."""

    def __init__(self, people: int) -> None:
        super().__init__(N_("Det er %(people)d å dele, og det kan ikke bli flere grupper enn det."), people=people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One who is to be in a group. `role` is the primary one, as in the participant table."""

    id: int
    role: Role
    workplace: str
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How good a division is. Clashes are pairs in one group; `least_*` is what no division of these people can beat.

    `role_gap`: the most that one group has more of a role than another; `size_gap`: the same for people.
    """

    role_gap: int
    size_gap: int
    workplace_clashes: int
    least_workplace: int
    municipality_clashes: int
    least_municipality: int


def fewest_groups(people: int) -> int:
    """How many groups so many people need."""
    return -(-people // EIGHT)


def proposed_groups(people: int, leaders: int) -> int:
    """The fewest groups, or the next number that gives every leader as many, unless the groups get small by it."""
    fewest = max(1, fewest_groups(people))
    rounded = -(-fewest // leaders) * leaders if leaders else fewest
    return rounded if people >= rounded * FEWEST_TO_ROUND else fewest


def divide(people: Iterable[Person], *, groups: int) -> tuple[tuple[int, ...], ...]:
    """Ids by group, dealt as the module says; the same people give the same groups in whatever order they come.

    Raises NobodyToDivide, TooFewGroups or TooManyGroups.
    """
    dealt = sorted(people, key=_order)
    if not dealt:
        raise NobodyToDivide
    if fewest_groups(len(dealt)) > groups:
        raise TooFewGroups(len(dealt))
    if groups > len(dealt):
        raise TooManyGroups(len(dealt))
    tables = [_improved(start, groups) for start in (dealt, sorted(dealt, key=_by_place))]
    best = min(tables, key=lambda one: one.cost())  # the first of equals
    return tuple(tuple(sorted(one.id for one in best.members(group))) for group in range(groups))


def place(newcomers: Iterable[Person], groups: Sequence[Sequence[Person]]) -> tuple[tuple[int, int], ...]:
    """Where late arrivals go, (id, index of the group); everybody else stays. Who finds all groups full is left out.

    Each goes to one of the smallest groups, so that a hole is filled first: the one with the fewest of her role, then
    from her workplace, then from her municipality, then the first.
    """
    members = [list(one) for one in groups]
    found = []
    for person in sorted(newcomers, key=_order):
        open_groups = [index for index, one in enumerate(members) if len(one) < EIGHT]
        if not open_groups:
            break
        index = min(open_groups, key=lambda one: _welcome(person, members[one], one))
        members[index].append(person)
        found.append((person.id, index))
    return tuple(found)


def quality(groups: Sequence[Sequence[Person]]) -> Quality:
    """How good these groups are, whoever made them."""
    people = [person for group in groups for person in group]
    sizes = [len(group) for group in groups]
    return Quality(
        role_gap=max((_gap(groups, role) for role in {one.role for one in people}), default=0),
        size_gap=max(sizes, default=0) - min(sizes, default=0),
        workplace_clashes=sum(_pairs(_count(group, workplace_of)) for group in groups),
        least_workplace=_least(_count(people, workplace_of), len(groups)),
        municipality_clashes=sum(_pairs(_count(group, municipality_of)) for group in groups),
        least_municipality=_least(_count(people, municipality_of), len(groups)),
    )


def workplace_of(person: Person) -> str:
    """The workplace as it is compared: without regard to case and space. Empty where none is known."""
    return _same(person.workplace)


def municipality_of(person: Person) -> str:
    """The municipality, in the same way."""
    return _same(person.municipality)


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _order(person: Person) -> tuple[int, str, str, int]:
    return _ROLES[person.role], workplace_of(person), municipality_of(person), person.id


def _by_place(person: Person) -> tuple[str, int, str, int]:
    return municipality_of(person), _ROLES[person.role], workplace_of(person), person.id


def _count(people: Iterable[Person], what: Callable[[Person], str]) -> Counter[str]:
    """How many have each; nobody is from the same unknown place as another."""
    return Counter(filter(None, map(what, people)))


def _pairs(counts: Counter[str]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def _least(counts: Counter[str], groups: int) -> int:
    """The fewest pairs: each count spread evenly."""
    return sum(groups * (k // groups) * (k // groups - 1) // 2 + k % groups * (k // groups) for k in counts.values())


def _gap(groups: Sequence[Sequence[Person]], role: Role) -> int:
    counts = [sum(one.role is role for one in group) for group in groups]
    return max(counts) - min(counts)


def _welcome(person: Person, group: Sequence[Person], index: int) -> tuple[int, int, int, int, int]:
    return (
        len(group),
        sum(one.role is person.role for one in group),
        _count(group, workplace_of)[workplace_of(person)],
        _count(group, municipality_of)[municipality_of(person)],
        index,
    )


def _improved(people: Sequence[Person], groups: int) -> _Tables:
    """Roles and workplaces spread evenly, then exchanges for the sake of municipalities until none helps."""
    tables = _Tables(people, spread([(one.role, workplace_of(one) or one.id) for one in people], groups), groups)
    tries, found = 0, True
    while found and tries < MOST_TRIES:
        found = False
        for one, other in combinations(range(len(people)), 2):
            tries += 1
            found = tables.exchange(one, other) or found
    return tables


class _Tables:
    """A division in the making: who is in which group, and how many of each kind every group has."""

    def __init__(self, people: Sequence[Person], group_of: list[int], groups: int) -> None:
        self.people, self.group_of, self.groups = people, group_of, groups
        self.kinds = [(one.role, workplace_of(one), municipality_of(one)) for one in people]
        self.counts = [Counter[object]() for _ in range(groups)]
        for kinds, group in zip(self.kinds, group_of, strict=True):
            self.counts[group].update(enumerate(kinds))

    def members(self, group: int) -> list[Person]:
        """Who is in a group."""
        return [one for one, at in zip(self.people, self.group_of, strict=True) if at == group]

    def cost(self) -> tuple[int, int]:
        """Pairs from one workplace and from one municipality."""
        found = quality([self.members(group) for group in range(self.groups)])
        return found.workplace_clashes, found.municipality_clashes

    def exchange(self, one: int, other: int) -> bool:
        """Let two change places if fewer share a municipality then, and nothing else gets worse; True if they did."""
        here, there = self.group_of[one], self.group_of[other]
        mine, hers = self.kinds[one], self.kinds[other]
        if here == there or mine[2] == hers[2] or self._change(2, one, other) >= 0 or self._change(1, one, other) > 0:
            return False
        if mine[0] is not hers[0] and not (
            self._may_lose(mine[0], here, there) and self._may_lose(hers[0], there, here)
        ):
            return False
        self.group_of[one], self.group_of[other] = there, here
        for group, gone, come in ((here, mine, hers), (there, hers, mine)):
            self.counts[group].subtract(enumerate(gone))
            self.counts[group].update(enumerate(come))
        return True

    def _change(self, which: int, one: int, other: int) -> int:
        """How many more pairs of that kind there would be."""
        here, there = self.counts[self.group_of[one]], self.counts[self.group_of[other]]
        mine, hers = self.kinds[one][which], self.kinds[other][which]
        if mine == hers:
            return 0
        key, her_key = (which, mine), (which, hers)
        change = there[key] - here[key] + 1 if mine else 0
        return change + (here[her_key] - there[her_key] + 1 if hers else 0)

    def _may_lose(self, role: Role, here: int, there: int) -> bool:
        """A role stays even when the group that has one more gives it to one that has one less."""
        return self.counts[here][0, role] > self.counts[there][0, role]

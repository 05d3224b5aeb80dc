"""Sharing things out when each of them counts twice: every kind on either side evenly, all at the same time.

A person has a role and a workplace. Seen as an edge between the two in a bipartite graph, dividing people into groups
is colouring edges, and a division in which no role and no workplace is spread unevenly always exists: cut every role
and every workplace into parts of at most as many people as there are groups, and colour so that no part has a group
twice. That can be done because the largest part decides how many colours a bipartite graph needs (D. Kőnig, 1916;
even colourings of whole graphs: D. de Werra, 1971).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

Part = tuple[int, Hashable, int]


def spread(things: Sequence[tuple[Hashable, Hashable]], colours: int) -> list[int]:
    """A colour from 0 for each thing, evenly: in all, and within every kind of either side.

    No colour is used more than once more than another. It rests on the order in which things are given, and on
    nothing else.
    """
    colouring = _Colouring(_parts(things, colours), colours)
    for thing in range(len(things)):
        colouring.add(thing)
    colouring.level()
    return colouring.colour


def _parts(things: Sequence[tuple[Hashable, Hashable]], colours: int) -> list[tuple[Part, Part]]:
    """Each thing's part on either side; no part has more things than there are colours."""
    seen: Counter[tuple[int, Hashable]] = Counter()
    found = []
    for thing in things:
        first, second = ((side, kind, seen[side, kind] // colours) for side, kind in enumerate(thing))
        seen.update(enumerate(thing))
        found.append((first, second))
    return found


class _Colouring:
    """Colours of edges, none of them twice at any part. `at` knows which thing has a colour at a part."""

    def __init__(self, ends: list[tuple[Part, Part]], colours: int) -> None:
        self.ends, self.colours = ends, colours
        self.colour = [-1] * len(ends)
        self.at: dict[tuple[Part, int], int] = {}

    def add(self, thing: int) -> None:
        """Colour one more. A colour free at one end is made free at the other, along the only chain in its way."""
        first, second = self.ends[thing]
        wanted, other = self._free(first), self._free(second)
        # The chain cannot come back to the first end: by the side it is on, it would arrive there with `wanted`.
        self._swap(self._chain(second, wanted, other), wanted, other)
        self._paint(thing, wanted)

    def level(self) -> None:
        """Make the colours equally common: while one is two ahead, some chain has one more of it than of the rarest."""
        while True:
            counts = Counter(dict.fromkeys(range(self.colours), 0))
            counts.update(self.colour)
            most = min(counts, key=lambda one: (-counts[one], one))
            least = min(counts, key=lambda one: (counts[one], one))
            if counts[most] - counts[least] < 2:
                return
            self._swap(self._longer_in(most, least), most, least)

    def _free(self, part: Part) -> int:
        return next(colour for colour in range(self.colours) if (part, colour) not in self.at)

    def _paint(self, thing: int, colour: int) -> None:
        self.colour[thing] = colour
        for end in self.ends[thing]:
            self.at[end, colour] = thing

    def _chain(self, part: Part, colour: int, other: int) -> list[int]:
        """The things one meets from a part by the two colours in turn; the part lacks `other`, so it ends."""
        found = []
        while (thing := self.at.get((part, colour))) is not None:
            found.append(thing)
            first, second = self.ends[thing]
            part = second if part == first else first
            colour, other = other, colour
        return found

    def _swap(self, chain: list[int], one: int, other: int) -> None:
        for thing in chain:
            for end in self.ends[thing]:
                self.at.pop((end, self.colour[thing]), None)
        for thing in chain:
            self._paint(thing, other if self.colour[thing] == one else one)

    def _longer_in(self, most: int, least: int) -> list[int]:
        """A chain that begins and ends with `most`. The rest are as long in both, or longer in `least`."""
        for thing, colour in enumerate(self.colour):
            if colour != most:
                continue
            for end in self.ends[thing]:
                if (end, least) not in self.at:
                    chain = self._chain(end, most, least)
                    if len(chain) % 2:
                        return chain
        raise AssertionError("a colour that is two ahead has a chain of its own")

"""Events as links to paste into another website: HTML, Markdown and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from courseapp import when, wording
from courseapp.domain.rows import EventCard

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>#|~&!])")


@dataclass(frozen=True, kw_only=True)
class Link:
    """What is said of one event, on one line each. `place` is empty where nothing is known."""

    title: str
    dates: str
    place: str
    address: str


def link(card: EventCard, address: str) -> Link:
    """An event as a link; sessions that are called off are left out."""
    going = [one for one in card.sessions if not one.cancelled]
    return Link(
        title=" ".join(card.title.split()),
        dates=when.sessions_dates(going),
        place=wording.places(going),
        address=address,
    )


def as_html(links: Iterable[Link]) -> str:
    """A list without classes or styles: it takes the looks of the page it is put into."""
    items = [
        f'  <li><a href="{escape(one.address)}">{escape(one.title)}</a>, {escape(_rest(one), quote=False)}</li>'
        for one in links
    ]
    return "\n".join(["<ul>", *items, "</ul>"])


def as_markdown(links: Iterable[Link]) -> str:
    """The title first: a line that began with «18. mars» would be the eighteenth of a list."""
    return "\n".join(f"- [{_marked(one.title)}]({one.address}), {_marked(_rest(one))}" for one in links)


def as_text(links: Iterable[Link]) -> str:
    """Two lines each: what, when and where; then the address alone, which mail programs make a link of."""
    return "\n\n".join(f"{one.title}, {_rest(one)}\n{one.address}" for one in links)


def _rest(one: Link) -> str:
    return ", ".join(filter(None, [one.dates, one.place]))


def _marked(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", text)

"""An organizer's own words in letters: merge fields filled in for one reader, as paragraphs of plain text."""

from __future__ import annotations

from collections.abc import Iterable

from courseapp import speech, when, wording
from courseapp.domain.errors import DomainError
from courseapp.domain.messages import Field, fill, paragraphs
from courseapp.domain.rows import EventPage
from courseapp.mail import letters
from courseapp.mail.letter import Letter
from courseapp.mail.letters import Facts, Prose

MESSAGE = "message"
TO_LEADER = "leader_message"
TEST = "message_test"
"""A copy to the organizer who writes; it counts nowhere."""


def message(facts: Facts, subject: str, body: str, *, occasion: str, mine: bool) -> Letter:
    """A message to one reader. Raises UnknownField or StrayBrace; `mine` as for `letters.message`."""
    return letters.message(
        facts,
        occasion=occasion,
        subject=fill(subject, values_of(facts)),
        prose=filled(facts, body),
        mine=mine,
    )


def filled(facts: Facts, text: str) -> Prose:
    """The text's paragraphs with every merge field replaced. Raises UnknownField or StrayBrace."""
    values = values_of(facts)
    return tuple(tuple(fill(line, values) for line in lines) for lines in paragraphs(text))


def endings(facts: Facts, texts: Iterable[str]) -> Prose:
    """What offices want to say at the end of a letter, one after the other.

    A text that cannot be filled is left out: nobody's confirmation may be lost to it.
    """
    found: list[tuple[str, ...]] = []
    for text in texts:
        try:
            found.extend(filled(facts, text))
        except DomainError:
            continue
    return tuple(found)


def values_of(facts: Facts) -> dict[Field, str]:
    """What each merge field says to this reader, each on one line."""
    mine = {Field.FIRST_NAME: facts.first_name, Field.NAME: facts.full_name, Field.LINK: facts.link}
    return {**values_of_event(facts.event), **{field: " ".join(value.split()) for field, value in mine.items()}}


def values_of_event(event: EventPage) -> dict[Field, str]:
    """What the merge fields say that are the same for everybody."""
    going = [one for one in event.sessions if not one.cancelled]
    places = dict.fromkeys(one.place or (speech.said("digitalt") if one.digital else "") for one in going)
    values = {
        Field.EVENT: event.title,
        Field.DATES: when.sessions_dates(going) or speech.said("dato kommer"),
        Field.PLACE: wording.listed([one for one in places if one]) or speech.said("sted kommer"),
        Field.OFFICE: event.office.name,
        Field.CONTACT: event.contact_name or event.office.name,
    }
    return {field: " ".join(value.split()) for field, value in values.items()}

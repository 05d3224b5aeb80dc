"""Standard texts: an office's own before the built-in, an event's before its office's, and the end of confirmations."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.messages import NoBody, StrayBrace, UnknownField
from courseapp.domain.registration import Status
from courseapp.domain.standard_texts import ENDING, EndingTooLong, NameMissing, TooManyTexts
from courseapp.models.journal import AuditEntry
from courseapp.models.message import StandardTextRow
from courseapp.models.office import Office
from courseapp.queries import standard_texts as rows
from courseapp.services import line, registrations, standard_texts
from courseapp.services.standard_texts import TextWish
from tests.conftest import NOW
from tests.leading import organizer
from tests.letters import all_letters
from tests.making import make_event, wish
from tests.people import join, share

OURS = TextWish(name="Praktisk", subject="Om {arrangement}", body="Hei, {fornavn}.")


def names(texts: rows.Texts) -> list[tuple[str, bool]]:
    db.session.rollback()
    return [(one.name, one.own) for one in texts.texts]


def ending(body: str) -> TextWish:
    return TextWish(name="", subject="", body=body)


def test_an_office_starts_with_the_built_in_texts(app: Flask) -> None:
    assert names(rows.of_office(organizer(), "nord")) == [
        ("Praktisk informasjon", False),
        ("Påminnelse om oppmøte", False),
        ("Takk for deltakelsen", False),
    ]


def test_an_offices_own_text_stands_before_the_built_in_until_it_is_taken_away(app: Flask) -> None:
    event, actor = make_event(), organizer()
    standard_texts.put("nord", "practical", OURS, actor=actor)
    standard_texts.put("nord", "practical", TextWish(name="Nytt", subject="s", body="b"), actor=actor)
    code = standard_texts.put("nord", None, OURS, actor=actor)
    assert names(rows.of_office(actor, "nord")) == [
        ("Nytt", True),
        ("Påminnelse om oppmøte", False),
        ("Takk for deltakelsen", False),
        ("Praktisk", True),
    ]
    assert names(rows.of_event(actor, event.slug))[0] == ("Nytt", False)
    standard_texts.remove("nord", "practical", actor=actor)
    standard_texts.remove("nord", code, actor=actor)
    assert names(rows.of_office(actor, "nord"))[0] == ("Praktisk informasjon", False)
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "standard_text_changed")).all()) == 5


def test_an_events_own_text_stands_before_its_offices_and_for_that_event_only(app: Flask) -> None:
    event, other, actor = make_event(), make_event(), organizer()
    standard_texts.put("nord", "thanks", OURS, actor=actor)
    standard_texts.put_for_event(event.slug, "thanks", TextWish(name="Vårt", subject="s", body="b"), actor=actor)
    standard_texts.put_for_event(event.slug, None, TextWish(name="Eget", subject="s", body="b"), actor=actor)
    assert names(rows.of_event(actor, event.slug))[2:] == [("Vårt", True), ("Eget", True)]
    assert names(rows.of_event(actor, other.slug))[2:] == [("Praktisk", False)]
    standard_texts.remove_for_event(event.slug, "thanks", actor=actor)
    assert names(rows.of_event(actor, event.slug))[2:] == [("Praktisk", False), ("Eget", True)]


@pytest.mark.parametrize(
    ("code", "text", "refusal"),
    [
        (None, TextWish(name="", subject="s", body="b"), NameMissing),
        (None, TextWish(name="n" * 61, subject="s", body="b"), NameMissing),
        (None, TextWish(name="n", subject="s", body=""), NoBody),
        (None, TextWish(name="n", subject="s", body="{x}"), UnknownField),
        (ENDING, ending("{"), StrayBrace),
        (ENDING, ending("x" * 1501), EndingTooLong),
        ("own-finnes-ikke", OURS, NotFound),
        ("x\x00", OURS, NotFound),
    ],
)
def test_what_could_not_be_sent_is_not_kept(
    app: Flask, code: str | None, text: TextWish, refusal: type[DomainError]
) -> None:
    event, actor = make_event(), organizer()
    with pytest.raises(refusal):
        standard_texts.put("nord", code, text, actor=actor)
    with pytest.raises(refusal):
        standard_texts.put_for_event(event.slug, code, text, actor=actor)
    assert db.session.scalars(select(StandardTextRow)).all() == []


def test_there_is_an_end_to_an_offices_own_texts(app: Flask) -> None:
    actor = organizer()
    for _text in range(30):
        standard_texts.put("nord", None, OURS, actor=actor)
    with pytest.raises(TooManyTexts):
        standard_texts.put("nord", None, OURS, actor=actor)


def test_only_organizers_of_the_office_write_its_texts(app: Flask) -> None:
    event = make_event()
    for other in (organizer("oslo"), organizer(role=UserRole.READER)):
        with pytest.raises(NotFound):
            standard_texts.put("nord", "thanks", OURS, actor=other)
        with pytest.raises(NotFound):
            standard_texts.put_for_event(event.slug, "thanks", OURS, actor=other)
        with pytest.raises(NotFound):
            standard_texts.remove("nord", "thanks", actor=other)
    with pytest.raises(NotFound):
        rows.of_office(organizer("vest"), "nord")
    share(event, "vest")
    standard_texts.put_for_event(event.slug, "thanks", OURS, actor=member("vest", UserRole.ORGANIZER))
    assert names(rows.of_event(member("nord", UserRole.READER), event.slug))[2] == ("Praktisk", True)


def member(office: str, role: UserRole) -> Actor:
    """An actor of that office, as the log-in would make it."""
    office_id = db.session.scalars(select(Office.id).where(Office.slug == office)).one()
    return Actor(user_id=1, name="Kari Nordmann", roles=((office_id, role),), national=None)


def test_the_ending_stands_in_the_confirmation_the_events_own_first(app: Flask) -> None:
    event, actor = make_event(capacity=1), organizer()
    standard_texts.put(
        "nord", ENDING, ending("Parker bak huset, {fornavn}.\n\n<b>Ta med legitimasjon</b>"), actor=actor
    )
    standard_texts.put_for_event(event.slug, ENDING, ending("Vi spiser kl. 12."), actor=actor)
    registrations.sign_up(wish(event))
    confirmation = all_letters()[0]
    assert confirmation.occasion == "confirmation"
    assert (
        "så del den ikke med andre.\n\nVi spiser kl. 12.\n\nParker bak huset, Kåre.\n\n<b>Ta med legitimasjon</b>\n\n"
        "Vennlig hilsen\n" in confirmation.text
    )
    assert "&lt;b&gt;Ta med legitimasjon&lt;/b&gt;" in confirmation.html
    (person,) = join(event, 1, first=2, status=Status.WAITLISTED)
    line.give_seat(event.slug, person, "Trengs", actor)
    given = next(one for one in all_letters() if one.occasion == "seat_given")
    assert "Vi spiser kl. 12." in given.text
    assert "Parker bak huset" in given.html


def test_without_an_ending_the_confirmation_is_what_it_was(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event))
    assert "så del den ikke med andre.\n\nVennlig hilsen\n" in all_letters()[0].text


def test_a_broken_ending_costs_nobody_her_confirmation(app: Flask) -> None:
    event = make_event()
    with transaction() as tx:
        office = tx.scalars(select(Office).where(Office.slug == "nord")).one()
        told = {"code": ENDING, "name": "x", "subject": "", "body": "{finnes ikke}", "updated_at": NOW}
        tx.add(StandardTextRow(office_id=office.id, **told))
    registrations.sign_up(wish(event))
    letter = all_letters()[0]
    assert (letter.occasion, "finnes ikke" in letter.text) == ("confirmation", False)

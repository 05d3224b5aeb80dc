"""Who a message reaches: by status, role, place and group, single persons, leaders; nobody twice."""

from __future__ import annotations

from flask import Flask

from courseapp.domain.messages import Choice
from courseapp.domain.registration import Role, Status
from courseapp.queries import messages as rows
from courseapp.services import groups, leaders
from tests.conftest import NOW
from tests.leading import ANE, BO, in_register, organizer
from tests.letters import all_letters
from tests.making import make_event
from tests.people import join, registered, save
from tests.services.test_messages import receivers, send


def test_the_choice_decides_who_gets_it(app: Flask) -> None:
    event, actor = make_event(), organizer()
    save(
        registered(event, 1),
        registered(event, 2, primary_role=Role.SAMLIS),
        registered(event, 3, municipality="Tromsø"),
        registered(event, 4, status=Status.WAITLISTED),
        registered(event, 5, status=Status.CANCELLED),
        registered(event, 6, status=Status.OFFERED),
    )
    reached = {
        "seats": rows.reach(actor, event.slug, Choice()),
        "samlis": rows.reach(actor, event.slug, Choice(roles=(Role.SAMLIS,))),
        "tromsø": rows.reach(actor, event.slug, Choice(municipalities=("Tromsø",))),
        "line": rows.reach(actor, event.slug, Choice(statuses=(Status.WAITLISTED, Status.CANCELLED))),
        "all": rows.reach(actor, event.slug, Choice(statuses=tuple(Status))),
        "none": rows.reach(actor, event.slug, Choice(statuses=())),
    }
    assert reached == {
        "seats": (3, 0),
        "samlis": (1, 0),
        "tromsø": (1, 0),
        "line": (2, 0),
        "all": (6, 0),
        "none": (0, 0),
    }


def test_a_group_can_be_written_to(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 16)
    groups.divide(event.slug, count=2, led_by_all=True, seen=0, actor=actor)
    assert rows.options(actor, event.slug, NOW).groups == (1, 2)
    assert rows.reach(actor, event.slug, Choice(groups=(1,))) == (8, 0)
    send(event, actor, groups=(2,))
    assert len(receivers()) == 8


def test_nobody_is_in_twice(app: Flask) -> None:
    """Who cancelled and came again has two registrations; a leader may take part herself."""
    event, actor = make_event(), organizer()
    old = registered(event, 1, status=Status.CANCELLED, first_name="Gammel")
    save(old, registered(event, 2, email="kare1@lege.example.org"))
    save(registered(event, 3, email="ANE@lege.example.org"))
    ane, bo = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=actor)
    before = len(receivers())
    send(event, actor, statuses=tuple(Status), leaders=True)
    found = all_letters()[before:]
    assert [(one.to_email, one.registration_id is not None) for one in found] == [
        ("kare1@lege.example.org", True),
        ("ANE@lege.example.org", True),
        ("bo@lege.example.org", False),
    ]
    assert "Hei, Kåre." in found[0].text


def test_leaders_get_it_without_anybodys_link(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 1)
    leaders.assign(event.slug, pair_id=None, leader_ids=tuple(in_register(ANE)), actor=actor)
    before = len(receivers())
    send(event, actor, statuses=(), leaders=True)
    (letter,) = all_letters()[before:]
    assert (letter.to_email, letter.subject, letter.registration_id) == ("ane@lege.example.org", "Til Ane Berg", None)
    assert f": http://kurs.example.org/arrangementer/{event.slug}\n" in letter.text
    assert "/min/" not in letter.text + letter.html
    assert "Kåre" not in letter.text + letter.html


def test_who_has_left_gets_no_secret_link_and_no_button(app: Flask) -> None:
    event, actor = make_event(), organizer()
    join(event, 1, status=Status.CANCELLED)
    send(event, actor, statuses=(Status.CANCELLED,))
    (letter,) = all_letters()
    assert "/min/" not in letter.text + letter.html
    assert "meld deg av" not in letter.text + letter.html


def test_single_persons_only_and_never_of_another_event(app: Flask) -> None:
    event, other, actor = make_event(), make_event(), organizer()
    first, _second = join(event, 2)
    (stranger,) = join(other, 1, first=3)
    send(event, actor, only=(first, stranger))
    assert receivers() == ["kare1@lege.example.org"]

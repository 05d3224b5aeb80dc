"""Who may do what, as one table."""

import pytest

from courseapp.domain.access import Actor, UserRole, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound

NORD, VEST, OSLO = 1, 3, 6
OWN, JOINT, OTHER = [NORD], [VEST, NORD], [OSLO]


def member(role: UserRole, *offices: int) -> Actor:
    return Actor(user_id=1, name="Kari", roles=tuple((office, role) for office in offices), national=None)


def national(role: UserRole, *roles: tuple[int, UserRole]) -> Actor:
    return Actor(user_id=1, name="Kari", roles=roles, national=role)


@pytest.mark.parametrize(
    ("actor", "event", "sees", "organizes"),
    [
        (member(UserRole.ADMINISTRATOR, NORD), OWN, True, True),
        (member(UserRole.ADMINISTRATOR, NORD), JOINT, True, True),
        (member(UserRole.ADMINISTRATOR, NORD), OTHER, False, False),
        (member(UserRole.ORGANIZER, NORD), OWN, True, True),
        (member(UserRole.ORGANIZER, NORD), JOINT, True, True),
        (member(UserRole.ORGANIZER, NORD), OTHER, False, False),
        (member(UserRole.ORGANIZER, NORD, OSLO), OTHER, True, True),
        (member(UserRole.READER, NORD), OWN, True, False),
        (member(UserRole.READER, NORD), JOINT, True, False),
        (member(UserRole.READER, NORD), OTHER, False, False),
        (member(UserRole.ORGANIZER), OWN, False, False),
        (national(UserRole.ADMINISTRATOR), OWN, True, True),
        (national(UserRole.ADMINISTRATOR), OTHER, True, True),
        (national(UserRole.READER), OWN, False, False),
        (national(UserRole.READER), JOINT, False, False),
        (national(UserRole.READER, (NORD, UserRole.ORGANIZER)), OWN, True, True),
        (national(UserRole.READER, (NORD, UserRole.ORGANIZER)), OTHER, False, False),
    ],
)
def test_the_table_of_access(actor: Actor, event: list[int], sees: bool, organizes: bool) -> None:
    assert [may_see_persons(actor, event), may_organize(actor, event)] == [sees, organizes]


@pytest.mark.parametrize(
    ("actor", "offices"),
    [
        (member(UserRole.ORGANIZER, NORD, VEST), frozenset({NORD, VEST})),
        (member(UserRole.READER), frozenset()),
        (national(UserRole.READER), None),
        (national(UserRole.ADMINISTRATOR), None),
    ],
)
def test_whose_events_an_actor_sees(actor: Actor, offices: frozenset[int] | None) -> None:
    assert actor.offices == offices


def test_different_roles_at_two_offices_do_not_mix() -> None:
    actor = Actor(user_id=1, name="Kari", roles=((NORD, UserRole.READER), (VEST, UserRole.ORGANIZER)), national=None)
    assert [actor.role_at(NORD), actor.role_at(VEST), actor.role_at(OSLO)] == [
        UserRole.READER,
        UserRole.ORGANIZER,
        None,
    ]
    assert [may_organize(actor, [NORD]), may_organize(actor, [VEST])] == [False, True]


def test_an_event_of_no_office_is_nobodys() -> None:
    assert [
        may_see_persons(national(UserRole.ADMINISTRATOR), []),
        may_organize(member(UserRole.ORGANIZER, NORD), []),
    ] == [
        False,
        False,
    ]


def test_what_may_not_be_seen_is_not_there() -> None:
    with pytest.raises(NotFound) as refusal:
        check(False)
    assert str(refusal.value) == NotFound().message


def test_what_may_be_seen_passes_in_silence() -> None:
    check(True)

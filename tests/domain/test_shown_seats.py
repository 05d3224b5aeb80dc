"""How many seats the public is told are free, and how many wait."""

import pytest

from courseapp.domain.event import EventKind, EventStatus, SeatRule, SignUpState
from courseapp.domain.rows import EventCard, OfficeRow, Seats

NORD = OfficeRow(slug="nord", name="Kontor Nord", short_name="Nord", email="", phone="", address="")


def told(
    state: SignUpState,
    *,
    rule: SeatRule = SeatRule.FIRST_COME,
    capacity: int | None = 30,
    left: int | None,
    waiting: int,
) -> tuple[int | None, int | None]:
    card = EventCard(
        slug="kurs",
        title="Kurs",
        kind=EventKind.VEILEDERKURS,
        status=EventStatus.PUBLISHED,
        state=state,
        office=NORD,
        sessions=(),
        seats=Seats(capacity=capacity, taken=3, waiting=waiting, left=left),
        closes_at=None,
        seat_rule=rule,
        partners=(),
    )
    return card.shown_left, card.shown_waiting


@pytest.mark.parametrize("state", [SignUpState.OPEN, SignUpState.FEW, SignUpState.NOT_YET])
def test_free_seats_are_told_and_nobody_waits(state: SignUpState) -> None:
    assert told(state, left=7, waiting=0) == (7, None)


def test_a_full_event_says_how_many_wait() -> None:
    assert told(SignUpState.LINE, left=0, waiting=4) == (0, 4)
    assert told(SignUpState.LINE, left=0, waiting=0) == (0, 0)


def test_without_a_limit_nothing_is_told_even_where_somebody_waits() -> None:
    assert told(SignUpState.OPEN, capacity=None, left=None, waiting=0) == (None, None)
    assert told(SignUpState.LINE, capacity=None, left=0, waiting=2) == (None, None)


def test_while_seats_are_applied_for_nothing_is_told() -> None:
    assert told(SignUpState.OPEN, rule=SeatRule.APPLICATION, left=0, waiting=4) == (None, None)


@pytest.mark.parametrize(
    "state", [SignUpState.DEADLINE_PASSED, SignUpState.CLOSED, SignUpState.CANCELLED, SignUpState.HELD]
)
def test_where_nobody_can_sign_up_nothing_is_told(state: SignUpState) -> None:
    assert told(state, left=0, waiting=4) == (None, None)

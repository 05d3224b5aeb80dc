"""The order of applications and what each would get: total, always the same, never more seats than there are."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseapp import labels
from courseapp.domain import ranking
from courseapp.domain.ranking import Adjustment, Application, Criterion, Outcome, Rules, Seating, Shown
from courseapp.domain.registration import Role, Supervises
from courseapp.domain.waitlist import PassedReason, Share

MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
ALL = tuple(Criterion)
ROLES = (Role.SPECIALIST_GENERAL_PRACTICE, Role.ALIS)
S, L, R = Outcome.SEAT, Outcome.LINE, Outcome.REFUSAL


def one(number: int, **more: object) -> Application:
    """Meets everything; the later number applied later."""
    told: dict[str, object] = {
        "role": Role.ALIS,
        "region": "nord",
        "supervises": frozenset({Supervises.LIS1}),
        "been_before": False,
        "applied_at": MONDAY + timedelta(minutes=number),
        **more,
    }
    return Application(id=number, **told)  # type: ignore[arg-type]


def rules(*criteria: Criterion, regions: tuple[str, ...] = ("nord",), role_order: tuple[Role, ...] = ROLES) -> Rules:
    return Rules(criteria=criteria, regions=frozenset(regions), role_order=role_order)


def order(applications: list[Application], *criteria: Criterion) -> list[int]:
    return [each.id for each in ranking.rank(applications, rules(*criteria))]


def test_without_criteria_whoever_applied_first_comes_first() -> None:
    assert order([one(3), one(1), one(2)]) == [1, 2, 3]


@pytest.mark.parametrize(
    ("criterion", "lacking"),
    [
        (Criterion.REGION, {"region": "vest"}),
        (Criterion.REGION, {"region": None}),
        (Criterion.SUPERVISES, {"supervises": frozenset({Supervises.NONE})}),
        (Criterion.SUPERVISES, {"supervises": frozenset()}),
        (Criterion.FIRST_COURSE, {"been_before": True}),
        (Criterion.ROLE, {"role": Role.MEDICAL_STUDENT}),
    ],
)
def test_who_does_not_meet_a_criterion_comes_after_who_does(criterion: Criterion, lacking: dict[str, object]) -> None:
    early, late = one(1, **lacking), one(2)
    assert (order([early, late], criterion), order([early, late])) == ([2, 1], [1, 2])
    met = {each.id: ranking.effects(each, rules(criterion))[0].met for each in (early, late)}
    assert met == {1: False, 2: True}


def test_the_first_criterion_outweighs_all_that_follow() -> None:
    stranger = one(1, region="vest")
    lacking = one(2, supervises=frozenset(), been_before=True, role=Role.NOT_DOCTOR)
    assert order([stranger, lacking], Criterion.REGION, Criterion.SUPERVISES, Criterion.FIRST_COURSE) == [2, 1]
    assert order([stranger, lacking], Criterion.SUPERVISES, Criterion.REGION) == [1, 2]


def test_a_partners_region_is_an_own_region() -> None:
    joint = rules(Criterion.REGION, regions=("nord", "midt"))
    assert [each.id for each in ranking.rank([one(1, region="vest"), one(2, region="midt")], joint)] == [2, 1]


def test_roles_come_in_their_order_and_those_without_a_number_last_and_alike() -> None:
    people = [
        one(1, role=Role.LIS1),
        one(2, role=Role.ALIS),
        one(3, role=Role.MEDICAL_STUDENT),
        one(4, role=Role.SPECIALIST_GENERAL_PRACTICE),
    ]
    assert order(people, Criterion.ROLE) == [4, 2, 1, 3]
    places = [ranking.effects(each, rules(Criterion.ROLE))[0].place for each in people]
    assert places == [None, 2, None, 1]


def test_time_always_comes_last_and_once() -> None:
    assert rules(Criterion.TIME, Criterion.REGION, Criterion.REGION).used == (Criterion.REGION, Criterion.TIME)


def test_every_criterion_and_outcome_has_a_label() -> None:
    members = [*Criterion, *Outcome]
    assert [each for each in members if (type(each), str(each)) not in labels.LABELS] == []


@pytest.mark.parametrize(
    ("moves", "after"),
    [
        ([], (1, 2, 3, 4)),
        ([(4, 1)], (4, 1, 2, 3)),
        ([(1, 3)], (2, 3, 1, 4)),
        ([(1, 99)], (2, 3, 4, 1)),
        ([(4, 1), (3, 1)], (3, 4, 1, 2)),
        ([(99, 1)], (1, 2, 3, 4)),
    ],
)
def test_a_hand_moves_one_and_the_others_keep_their_order(moves: list[tuple[int, int]], after: tuple[int, ...]) -> None:
    hands = [Adjustment(application=who, place=place) for who, place in moves]
    assert ranking.adjusted((1, 2, 3, 4), hands) == after


def proposal(
    free: int | None,
    *hands: Adjustment,
    roles: tuple[Role, ...] = (Role.ALIS,) * 4,
    refuses_rest: bool = False,
    shares: tuple[Share, ...] = (),
    taken: dict[Role, int] | None = None,
) -> list[Outcome]:
    people = list(range(1, len(roles) + 1))
    seating = Seating(free=free, shares=shares, taken_by_role=taken or {}, refuses_rest=refuses_rest)
    found = ranking.propose(people, dict(zip(people, roles, strict=True)), hands, seating)
    assert [each.id for each in found] == people
    return [each.outcome for each in found]


def fixed(who: int, outcome: Outcome) -> Adjustment:
    return Adjustment(application=who, outcome=outcome)


def test_the_seats_go_down_the_list_and_the_rest_wait_or_are_refused() -> None:
    assert proposal(2) == [S, S, L, L]
    assert proposal(2, refuses_rest=True) == [S, S, R, R]
    assert (proposal(0), proposal(None)) == ([L] * 4, [S] * 4)


def test_outcomes_by_hand_hold_and_their_seats_come_first() -> None:
    assert proposal(2, fixed(4, S)) == [S, L, L, S]
    assert proposal(2, fixed(1, R), fixed(2, L)) == [R, L, S, S]
    assert proposal(1, fixed(3, L), refuses_rest=True) == [S, R, L, R]
    assert proposal(None, fixed(2, R)) == [S, R, S, S]


def test_more_seats_by_hand_than_there_are_give_no_more_seats() -> None:
    assert proposal(1, fixed(3, S), fixed(4, S)) == [L, L, S, L]


def test_a_role_that_is_full_is_passed_over_with_the_reason() -> None:
    roles = (Role.ALIS, Role.ALIS, Role.SAMLIS)
    shares = (Share(role=Role.ALIS, most=1),)
    people = {number: role for number, role in enumerate(roles, start=1)}  # noqa: C416 - dict() loses the type
    found = ranking.propose([1, 2, 3], people, (), Seating(free=2, shares=shares, taken_by_role={}))
    assert [each.outcome for each in found] == [S, L, S]
    assert [each.hindered for each in found] == [None, (PassedReason.ROLE_FULL, Role.ALIS), None]


def test_seats_kept_for_a_role_stay_free_when_nobody_has_it_and_the_reason_is_told() -> None:
    shares = (Share(role=Role.SAMLIS, least=1),)
    people = {1: Role.ALIS, 2: Role.ALIS}
    found = ranking.propose([1, 2], people, (), Seating(free=2, shares=shares, taken_by_role={}))
    assert [(each.outcome, each.hindered) for each in found] == [(S, None), (L, (PassedReason.RESERVED, Role.SAMLIS))]


def test_seats_that_are_taken_count_for_their_role() -> None:
    shares = (Share(role=Role.ALIS, most=2),)
    assert proposal(3, shares=shares, taken={Role.ALIS: 1}) == [S, L, L, L]


APPLICATIONS = st.lists(
    st.builds(
        Application,
        id=st.integers(1, 60),
        role=st.sampled_from(Role),
        region=st.sampled_from(["nord", "vest", None]),
        supervises=st.frozensets(st.sampled_from(Supervises)),
        been_before=st.booleans(),
        applied_at=st.integers(0, 3).map(lambda hours: MONDAY + timedelta(hours=hours)),
    ),
    unique_by=lambda each: each.id,
    max_size=14,
)
RULES = st.builds(
    Rules,
    criteria=st.lists(st.sampled_from(ALL), max_size=5).map(tuple),
    regions=st.just(frozenset({"nord"})),
    role_order=st.lists(st.sampled_from(Role), unique=True, max_size=5).map(tuple),
)


@given(people=APPLICATIONS, by=RULES, data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_order_is_total_and_does_not_rest_on_how_they_are_given(
    people: list[Application], by: Rules, data: st.DataObject
) -> None:
    found = ranking.rank(people, by)
    assert sorted(each.id for each in found) == sorted(each.id for each in people)
    assert ranking.rank(data.draw(st.permutations(people)), by) == found


@given(people=APPLICATIONS, by=RULES, data=st.data())
@settings(max_examples=150, deadline=None)
def test_whoever_comes_or_goes_never_reorders_the_others(
    people: list[Application], by: Rules, data: st.DataObject
) -> None:
    some = [each for each in people if data.draw(st.booleans())]
    whole = [each for each in ranking.rank(people, by) if each in some]
    assert list(ranking.rank(some, by)) == whole


@given(people=APPLICATIONS, by=RULES, free=st.none() | st.integers(-3, 9), refuses=st.booleans(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_there_are_never_more_seats_than_are_free_and_everybody_gets_one_answer(
    people: list[Application], by: Rules, free: int | None, refuses: bool, data: st.DataObject
) -> None:
    ids = [each.id for each in ranking.rank(people, by)]
    hands = [
        data.draw(
            st.builds(Adjustment, application=st.just(each), place=st.integers(1, 20))
            | st.builds(Adjustment, application=st.just(each), outcome=st.sampled_from(Outcome))
        )
        for each in ids
        if data.draw(st.booleans())
    ]
    most = data.draw(st.integers(0, 4))
    seating = Seating(
        free=free, shares=(Share(role=Role.ALIS, most=most),), taken_by_role=Counter(), refuses_rest=refuses
    )
    moved = ranking.adjusted(ids, hands)
    roles = {each.id: each.role for each in people}
    found = ranking.propose(moved, roles, hands, seating)
    seats = [each for each in found if each.outcome is S]
    assert ([each.id for each in found], sorted(moved)) == (list(moved), sorted(ids))
    assert free is None or len(seats) <= max(0, free)
    by_rule = [each for each in seats if roles[each.id] is Role.ALIS and not each.fixed]
    assert len(by_rule) <= most
    held = {each.application: each.outcome for each in hands if each.outcome in {L, R}}
    assert {each.id: each.outcome for each in found if each.id in held} == held


def test_what_was_shown_comes_back_as_it_was() -> None:
    shown = Shown(people=frozenset({3, 11}), adjustments=frozenset({7}), rules="ab", whole="cd")
    assert (shown.text(), Shown.read(shown.text())) == ("3 11/7/ab/cd", shown)


@pytest.mark.parametrize("text", ["", "/", "a b/c/d/e", "1/2/3", "1/2/3/4/5", "\x00/²/x/y", "9" * 5000 + "///"])
def test_what_is_no_list_reads_as_nobodys(text: str) -> None:
    assert Shown.read(text).people == frozenset()

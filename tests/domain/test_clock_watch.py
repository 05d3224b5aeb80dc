"""A clock that leaps is doubted for a while, and at once no longer when it leaps back."""

from datetime import UTC, datetime, timedelta

from courseapp.domain.clock_watch import DOUBT_SECONDS, ClockWatch

START = datetime(2027, 1, 11, 9, tzinfo=UTC)
A_YEAR = timedelta(days=365)


def seen(*looks: tuple[timedelta, float]) -> list[bool]:
    """Whether the clock is doubted after each look: so much it shows after the start, so many seconds have passed."""
    watch, found = ClockWatch(START, 1000.0), []
    for shown, passed in looks:
        watch = watch.look(START + shown, 1000.0 + passed)
        found.append(watch.doubts(1000.0 + passed))
    return found


def test_a_clock_that_runs_on_is_believed() -> None:
    assert seen((timedelta(seconds=1), 1), (timedelta(hours=7), 7 * 3600), (timedelta(hours=7, minutes=4), 25201)) == [
        False,
        False,
        False,
    ]


def test_a_leap_either_way_is_doubted_until_it_has_lasted() -> None:
    for leap in (A_YEAR, -A_YEAR, timedelta(minutes=6), timedelta(minutes=-6)):
        lasted = leap + timedelta(seconds=DOUBT_SECONDS + 2)
        assert seen((leap, 1), (leap + timedelta(seconds=600), 600), (lasted, DOUBT_SECONDS + 2)) == [True, True, False]


def test_set_right_again_it_is_believed_at_once() -> None:
    assert seen((A_YEAR, 1), (A_YEAR + timedelta(seconds=9), 9), (timedelta(seconds=10), 10)) == [True, True, False]


def test_a_second_leap_elsewhere_is_doubted_anew() -> None:
    assert seen((A_YEAR, 1), (2 * A_YEAR, 800), (2 * A_YEAR + timedelta(seconds=700), 1500)) == [True, True, True]


def test_what_was_believed_in_the_end_is_where_it_is_now() -> None:
    later = timedelta(seconds=DOUBT_SECONDS + 2)
    assert seen((A_YEAR, 1), (A_YEAR + later, later.total_seconds()), (later, later.total_seconds() + 1)) == [
        True,
        False,
        True,
    ]

"""The secret key is changed: what was sent with the old one works until that key is taken away, and not after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from courseapp.links import Links

OLD, NEW = "the key of last year, long enough", "the key of this year, long enough"
WAYS: dict[str, tuple[Callable[[Links], str], Callable[[Links, str], object], object]] = {
    "a participant's link": (lambda one: one.key(7, 2), Links.read, (7, 2)),
    "a leader's link": (lambda one: one.leader_key(7, 2), Links.read_leader, (7, 2)),
    "a room's code": (lambda one: one.check_in(7).rpartition("/")[2], Links.read_check_in, 7),
    "an evaluation's link": (lambda one: one.evaluation(7).rpartition("/")[2], Links.read_evaluation, 7),
}


def links(*keys: str) -> Links:
    return Links(
        base_url="https://kurs.example.org", domain="kurs.example.org", keys=keys, sender="kurs@alis.example.org"
    )


@pytest.mark.parametrize("what", sorted(WAYS))
def test_it_works_until_the_old_key_is_taken_away(what: str) -> None:
    make, read, meant = WAYS[what]
    sent = make(links(OLD))
    assert [read(links(*keys), sent) for keys in ((OLD,), (NEW, OLD), (NEW,))] == [meant, meant, None]


@pytest.mark.parametrize("what", sorted(WAYS))
def test_new_ones_are_signed_with_the_new_key(what: str) -> None:
    make, read, meant = WAYS[what]
    sent = make(links(NEW, OLD))
    assert [read(links(*keys), sent) for keys in ((NEW,), (OLD,))] == [meant, None]


@pytest.mark.parametrize("what", sorted(WAYS))
def test_no_link_opens_another_kind_of_door(what: str) -> None:
    here = links(NEW)
    sent = WAYS[what][0](here)
    assert {other: read(here, sent) for other, (_make, read, _meant) in WAYS.items() if other != what} == {
        other: None for other in WAYS if other != what
    }


@pytest.mark.parametrize("what", sorted(WAYS))
def test_every_letter_of_a_key_counts(what: str) -> None:
    """Cut, extended or with any letter changed, it opens nothing. The last one holds bits that mean nothing."""
    make, read, _meant = WAYS[what]
    here = links(NEW)
    sent = make(here)
    wrong = {sent[:at] for at in range(len(sent))} | {f"{sent}A", f" {sent}", f"{sent}.A", sent.swapcase()}
    wrong |= {f"{sent[:at]}{'A' if sent[at] != 'A' else 'B'}{sent[at + 1 :]}" for at in range(len(sent) - 1)}
    assert [one for one in sorted(wrong) if read(here, one) is not None] == []

"""Small counts of people, which readers outside an office are not told, and cannot reckon from what they are told."""

from __future__ import annotations

from collections.abc import Sequence

HUSHED_BELOW = 5
"""Counts of people smaller than this are not shown to readers outside the office."""


def few(count: int) -> bool:
    """Whether a count is too small to tell. Zero tells nothing about anybody."""
    return 0 < count < HUSHED_BELOW


def hushed(counts: Sequence[int]) -> list[int | None]:
    """Parts of a sum as readers may see them: small ones are None, and so are more until none can be reckoned.

    Whoever knows the sum, the parts that are told and this very rule still finds at least two possible values for each
    part that is not told. Only a sum of which no part is left to hide must not be told itself (`sum_tells`).
    """
    shown: list[int | None] = [None if few(one) else one for one in counts]
    while _given_away(counts, shown):
        told = [one for one in shown if one]
        if not told:
            break
        shown = [None if one == min(told) else one for one in shown]
    return shown


def sum_tells(counts: Sequence[int]) -> bool:
    """Whether the sum would give a hidden part away, because there was nothing more to hide."""
    return _given_away(counts, hushed(counts))


def beside(counts: Sequence[int], told: Sequence[int]) -> list[int | None]:
    """Counts as readers may see them who know a part of each from elsewhere: what is left is hushed."""
    left = hushed([whole - part for whole, part in zip(counts, told, strict=True)])
    return [None if rest is None else whole for whole, rest in zip(counts, left, strict=True)]


def _given_away(counts: Sequence[int], shown: Sequence[int | None]) -> bool:
    """Too few together to be a crowd, or as many as so many small ones can be at most."""
    hidden = [one for one, told in zip(counts, shown, strict=True) if told is None]
    return bool(hidden) and (sum(hidden) < HUSHED_BELOW or sum(hidden) == (HUSHED_BELOW - 1) * len(hidden))

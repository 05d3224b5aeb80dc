"""What participants say afterwards: a score for each session and two questions, and no name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

SCORES = (1, 2, 3, 4, 5)
LEAST = 3
"""Fewer answers than this are not shown: whoever was there could guess who said what."""

OPEN_FOR = timedelta(days=60)
THANK_AFTER, THANK_BEFORE = timedelta(hours=2), timedelta(days=14)
"""The thank-you letter goes out so long after the last session, and no longer after than that."""


class EvaluationClosed(DomainError):
    """Too early, or two months too late."""

    message = N_("Evalueringen er åpen fra siste samling er slutt og i to måneder. Nå er den stengt.")


class NothingSaid(DomainError):
    """Neither a score nor a word."""

    message = N_("Velg minst ett tall eller skriv noen ord.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one said: scores by session, and words."""

    scores: dict[int, int]
    good: str
    better: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The scores of one session. `counts` has the number of ones first; `mean` is None without any."""

    counts: tuple[int, ...]
    mean: float | None

    @property
    def total(self) -> int:
        """How many gave a score."""
        return sum(self.counts)


def is_open(ends_at: datetime | None, now: datetime) -> bool:
    """Whether answers are taken now."""
    return ends_at is not None and ends_at <= now <= ends_at + OPEN_FOR


def check(answer: Answer) -> None:
    """Raise NothingSaid for an answer that says nothing."""
    if not (answer.scores or answer.good.strip() or answer.better.strip()):
        raise NothingSaid


def spread(scores: Iterable[int]) -> Spread:
    """How the scores of one session spread."""
    counted = Counter(scores)
    counts = tuple(counted.get(score, 0) for score in SCORES)
    total = sum(counts)
    mean = sum(score * count for score, count in zip(SCORES, counts, strict=True)) / total if total else None
    return Spread(counts=counts, mean=mean)

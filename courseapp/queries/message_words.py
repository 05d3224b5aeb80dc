"""A choice of people in words, as colleagues read it in the list of messages."""

from __future__ import annotations

from courseapp import wording
from courseapp.domain.messages import Choice
from courseapp.domain.registration import Status

STATUSES = {
    Status.REGISTERED: "har plass",
    Status.WAITLISTED: "står på venteliste",
    Status.OFFERED: "har tilbud om plass",
    Status.APPLIED: "har søkt",
    Status.CANCELLED: "er avmeldt",
    Status.DECLINED: "har takket nei eller ikke fikk plass",
}


def in_words(choice: Choice) -> str:
    """«De som har plass eller står på venteliste, bare ALIS, fra Bodø, og kursholderne»."""
    if choice.only:
        parts = [wording.counted(len(choice.only), "valgt person", "valgte personer")]
    elif choice.statuses:
        parts = [f"De som {_either([STATUSES[one] for one in choice.statuses])}", *_narrower(choice)]
    else:
        parts = []
    if choice.leaders:
        parts.append("og kursholderne" if parts else "Kursholderne")
    return ", ".join(parts) if parts else "Ingen"


def _narrower(choice: Choice) -> list[str]:
    found = []
    if choice.roles:
        found.append(f"bare {_either([_inside(wording.short_label(one)) for one in choice.roles])}")
    if choice.municipalities:
        found.append(f"fra {_either(list(choice.municipalities))}")
    if choice.groups:
        found.append(f"i gruppe {_either([str(one) for one in choice.groups])}")
    return found


def _inside(label: str) -> str:
    """A label within a sentence: small, but for abbreviations."""
    return label if label[1:2].isupper() or label.startswith("Sam") else label[0].lower() + label[1:]


def _either(parts: list[str]) -> str:
    return " eller ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))

"""A choice of people in words, as colleagues read it in the list of messages."""

from __future__ import annotations

from courseapp import wording
from courseapp.domain.marking import N_
from courseapp.domain.messages import Choice
from courseapp.domain.registration import Status
from courseapp.speech import said
from courseapp.speech import said as _

STATUSES = {
    Status.REGISTERED: N_("har plass"),
    Status.WAITLISTED: N_("står på venteliste"),
    Status.OFFERED: N_("har tilbud om plass"),
    Status.APPLIED: N_("har søkt"),
    Status.CANCELLED: N_("er avmeldt"),
    Status.DECLINED: N_("har takket nei eller ikke fikk plass"),
}


def in_words(choice: Choice) -> str:
    """«De som har plass eller står på venteliste, bare ALIS, fra Bodø, og kursholderne»."""
    if choice.only:
        parts = [wording.counted(len(choice.only), _("valgt person"), _("valgte personer"))]
    elif choice.statuses:
        parts = [
            said("De som %(stand)s", stand=_either([said(STATUSES[one]) for one in choice.statuses])),
            *_narrower(choice),
        ]
    else:
        parts = []
    if choice.leaders:
        parts.append(_("og kursholderne") if parts else _("Kursholderne"))
    return ", ".join(parts) if parts else said("Ingen")


def _narrower(choice: Choice) -> list[str]:
    found = []
    if choice.roles:
        found.append(said("bare %(roles)s", roles=_either([_inside(wording.short_label(one)) for one in choice.roles])))
    if choice.municipalities:
        found.append(said("fra %(places)s", places=_either(list(choice.municipalities))))
    if choice.groups:
        found.append(said("i gruppe %(numbers)s", numbers=_either([str(one) for one in choice.groups])))
    return found


def _inside(label: str) -> str:
    """A label within a sentence: small, but for abbreviations."""
    return label if label[1:2].isupper() or label.startswith("Sam") else label[0].lower() + label[1:]


def _either(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return said("%(first)s eller %(last)s", first=", ".join(parts[:-1]), last=parts[-1])

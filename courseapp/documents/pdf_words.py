"""The words that stand in the templates of paper, as `say("…")`; everything else on paper is among its facts."""

from __future__ import annotations

from courseapp import speech
from courseapp.domain.marking import N_

WORDS = (
    N_("Arrangementet"),
    N_("Deltakere med plass"),
    N_("Ingen."),
    N_("Kode som leder til"),
    N_("Kursbevis"),
    N_("Kurset teller med"),
    N_("Mer om arrangementet:"),
    N_("Merknad"),
    N_("Nummer"),
    N_("Omfang"),
    N_("Sted"),
    N_("Tid"),
    N_("Uten plass:"),
    N_("av"),
    N_("har gjennomført"),
    N_("side"),
)

ONE = "Ett kursbevis"
"""What a single one is called: «kursbevis» may be several, and other languages tell the two apart."""


def words() -> dict[str, str]:
    """Each of them in the reader's language, by what it is in bokmål."""
    return {one: speech.said(one) for one in WORDS} | {ONE: speech.pgettext("ett", "Kursbevis")}

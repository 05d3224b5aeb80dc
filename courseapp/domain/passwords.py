"""What a password must not be. Length counts; signs and capitals do not (NIST SP 800-63B, 5.1.1.2)."""

from __future__ import annotations

import re

from courseapp.domain.marking import N_

SHORTEST = 12
LONGEST = 200
FEWEST_SIGNS = 5
TOO_SHORT = N_("Passordet må ha minst 12 tegn.")
TOO_LONG = N_("Passordet kan ha høyst 200 tegn.")
OWN = N_("Passordet kan ikke være navnet eller e-postadressen din.")
COMMON = N_("Passordet er blant de vanligste og blir gjettet først. Velg for eksempel fire tilfeldige ord.")
_WORDS = """
    passordpassord passwordpassword passord12345 password1234 password12345 password123456 passord123456 passord1234
    mittpassord123 mypassword123 velkommen123 velkommen1234 velkommentil welcome12345 welcome123456 letmein12345
    123456789012 1234567890123 12345678901234 123456789123 123123123123 112233445566 121212121212 111222333444
    987654321012 qwertyuiop12 qwertyuiop123 qwertyuiopasd qwerty123456 qwerty12345678 1q2w3e4r5t6y 1qaz2wsx3edc
    zaq12wsxcde3 asdfghjkl123 asdfghjklzxc zxcvbnm12345 abcdefghijkl abcdefghijklm abcd12345678 abc123abc123
    administrator administrator1 adminadmin12 admin1234567 iloveyou1234 iloveyouforever jegelskerdeg
    jegelskerdeg1 sommer202512 sommersommer sommeren2025 sommeren2026 sommeren2027 vinteren2025 vinteren2026
    vinteren2027 hosten202512 januar202612 februar20261 september2026 september2027 november2026 november2027
    desember2026 desember2027 fotballfotball manchester12 manchesterunited liverpool123 liverpool1234
    chelsea12345 barcelona123 barcelona1234 rosenborg123 rosenborg1234 brannbergen1 norgenorge12
    kommunekommune kommune12345 oslokommune1 oslokommune12 legekontoret1 legekontoret12 fastlegen123 rådgiverrådgiver
    correcthorsebatterystaple trustno1trustno1 superman1234 dragon123456 sunshine1234 princess1234
    football1234 baseball1234 monkey123456 shadow123456 changeme1234 hemmelighet1 hemmelig1234 hemmelig12345
"""
_COMMON = frozenset(_WORDS.split())


def weakness(password: str, *, email: str, name: str) -> str | None:
    """Why a password will not do, in words for the person who chose it; None for one that will."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    plain = _plain(password)
    if plain in {_plain(email), _plain(email.partition("@")[0]), _plain(name), _plain(name) * 2}:
        return OWN
    if plain in _COMMON or len(set(password)) < FEWEST_SIGNS:
        return COMMON
    return None


def _plain(text: str) -> str:
    """Letters and digits only: a full stop more makes nothing harder to guess."""
    return re.sub(r"[\W_]", "", text.lower())

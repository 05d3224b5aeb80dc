"""E-mail addresses and telephone numbers as they are kept, for lists of people; forms say more about what is wrong."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email


def email(text: str) -> str | None:
    """The address that can stand in every mail header, or None. `mailto:` and «Navn <adresse>» are taken off."""
    plain = text.strip().removeprefix("mailto:")
    inside = re.fullmatch(r"[^<>]*<([^<>]+)>", plain)
    plain = (inside.group(1) if inside else plain).strip()
    if not plain.rpartition("@")[0].isascii():
        return None
    try:
        checked = validate_email(plain, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return checked.ascii_email or checked.normalized


def phone(text: str) -> str | None:
    """A number as E.164, «» for none, or None for what cannot be one."""
    if not text:
        return ""
    if not re.fullmatch(r"\+?[0-9 ().\-/\u00a0]{5,25}", text):
        return None
    try:
        number = phonenumbers.parse(text, "NO")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

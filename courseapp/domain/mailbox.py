"""A name and an address, as people write them on envelopes."""

import re
from dataclasses import dataclass

# Printable ASCII without the characters that mean something in a header (RFC 5322, 3.2.3): a comma would make
# two receivers of one. Domains with other letters must be in their ASCII form (xn--) already.
_PLAIN = re.compile(r"[!#-'*+./0-9=?A-Z^_`a-z{|}~-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """One person or office that mail can come from or go to."""

    name: str
    email: str


def is_plain_address(email: str) -> bool:
    """Whether the address can stand in a header and in a mailto: just as it is written."""
    return _PLAIN.fullmatch(email) is not None

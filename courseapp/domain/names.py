"""Names in Norwegian order."""

from __future__ import annotations

import unicodedata

# Any byte-wise comparison now puts æ, ø and å last, in that order; ä and ö sort with their Norwegian kin.
_LAST = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})


def sort_key(last_name: str, first_name: str) -> str:
    """A text that sorts by surname, then first name, as Norwegians expect; accents and case do not count."""
    folded = unicodedata.normalize("NFC", f"{last_name}  {first_name}").casefold().replace("aa", "å").translate(_LAST)
    return "".join(sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign))[:200]

"""What the organizers' guide says: its pages, the words it quotes, where it leads and the pictures it shows."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from courseapp.web import guide
from tests.house import catalogues

QUOTED = re.compile(r"«([^»]+)»")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
VALUE = re.compile(r"%\([a-z_]+\)[sd]")
LETTERS_OF_ITS_OWN = 4
"""A sentence of ours that is hardly more than its values («%(name)s, %(moment)s») would be said by anything."""

NOT_OURS = frozenset({"Ca. 40", "Jeg kjenner avsenderen"})
"""What an organizer types, and a button of Gmail's."""


def files() -> dict[str, str]:
    """Every page with its text, folded lines joined."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(guide.FOLDER.glob("*.md"))}


def quoted(text: str) -> list[str]:
    """The names of buttons, links, headings and fields."""
    return [" ".join(one.split()) for one in QUOTED.findall(text)]


def links(text: str) -> list[str]:
    """Where its links lead."""
    return [where for picture, _words, where in LINK.findall(text) if not picture]


def pictures(text: str) -> list[tuple[str, str]]:
    """(name, what is said instead of it) of its pictures."""
    return [(Path(where).stem, words) for picture, words, where in LINK.findall(text) if picture]


def shown() -> list[str]:
    """The pictures of all pages, each as often as it is shown."""
    return [name for text in files().values() for name, _words in pictures(text)]


def said(words: str) -> bool:
    """Whether the application says that somewhere, whatever the values in it."""
    plain, patterns = _sentences()
    return words in plain or any(one.fullmatch(words) for one in patterns)


@cache
def _sentences() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    texts = {str(one.id) for one in catalogues.messages(catalogues.wanted())}
    with_values = [one for one in texts if VALUE.search(one)]
    told = [one for one in with_values if sum(map(str.isalpha, VALUE.sub("", one))) >= LETTERS_OF_ITS_OWN]
    patterns = (".+".join(re.escape(part) for part in VALUE.split(one)) for one in told)
    return frozenset(texts), tuple(re.compile(one) for one in patterns)

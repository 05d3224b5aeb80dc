"""What is said, in the language spoken: flask-babel's catalogues, looked up once per request and not once per sentence.

A page says several hundred sentences, and finding out each time who is reading cost more than a third of it. Who
asks for a page is settled when its request begins; `speaking` names somebody else while a letter is written. Elsewhere
(commands, jobs, tests of bare functions) flask-babel is asked every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from gettext import NullTranslations
from typing import Any

import flask_babel
from flask_babel.speaklater import LazyString

from courseapp.domain.language import Language

_spoken: ContextVar[tuple[Language, NullTranslations] | None] = ContextVar("spoken", default=None)


def begin(chosen: Language) -> None:
    """Settle who is reading, until `end`."""
    _spoken.set(_of(chosen))


def end(_problem: BaseException | None = None) -> None:
    """Nobody is reading any more."""
    _spoken.set(None)


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Within it, everything is said in that language."""
    with flask_babel.force_locale(chosen.value):
        before = _spoken.set(_of(chosen))
        try:
            yield
        finally:
            _spoken.reset(before)


def language() -> Language:
    """The reader's language."""
    return (_spoken.get() or _found())[0]


def said(message: str, /, **values: object) -> str:
    """A marked sentence in the reader's language, its values filled in."""
    text = _catalogue().gettext(message)
    return text % values if values else text


def pgettext(context: str, message: str, /, **values: object) -> str:
    """The same for words that mean something else elsewhere."""
    text = _catalogue().pgettext(context, message)
    return text % values if values else text


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """One or many: for templates' `trans`; our own words use `wording.counted`."""
    return _catalogue().ngettext(one, many, count) % {"num": count, **values}


lazy: Any = partial(LazyString, said)
"""A marked sentence that is said when it is shown: labels of forms, which are made before anybody reads them."""


def _catalogue() -> NullTranslations:
    return (_spoken.get() or _found())[1]


@cache
def _of(chosen: Language) -> tuple[Language, NullTranslations]:
    with flask_babel.force_locale(chosen.value):
        found = _found()
    assert found[0] is chosen, "without an application there are no catalogues, and that would be remembered"
    return found


def _found() -> tuple[Language, NullTranslations]:
    locale = flask_babel.get_locale()
    return Language.BOKMAL if locale is None else Language(locale.language), flask_babel.get_translations()

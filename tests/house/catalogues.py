"""The catalogues of words: what there is to translate, what stands in each, and how they are renewed (`make words`)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from courseapp.domain.language import Language

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "courseapp" / "translations"
TRANSLATED = (Language.NYNORSK, Language.ENGLISH)
"""Bokmål is what stands in the code."""

TEMPLATES = ("templates/**/*.html", "templates/**/*.txt")
MADE = datetime(2026, 11, 29, tzinfo=UTC)
"""Stands in the files and never moves, so that whoever renews them gets the same ones."""

PLAIN = frozenset({"_", "N_", "lazy", "said", "Needed"})
"""What marks a sentence; `pgettext` does with a first word that tells it from the same words elsewhere."""

Key = tuple[str, str]
"""A sentence, and what tells it from the same words elsewhere, mostly nothing."""


@cache
def wanted() -> Catalog:
    """Every marked sentence with the files it stands in."""
    found = Catalog(charset="utf-8")
    for place, text, context in sorted({*_in_code(), *_in_templates()}):
        found.add(text, locations=[(place, 0)], context=context or None)
    return found


def _in_code() -> Iterator[tuple[str, str, str]]:
    """(file, sentence, context)."""
    for file in (ROOT / "courseapp").rglob("*.py"):
        for text, context in sentences(file.read_text(encoding="utf-8")):
            yield str(file.relative_to(ROOT)), text, context


def sentences(code: str) -> Iterator[tuple[str, str]]:
    """What is marked in a module, from its syntax tree: Babel's own reader misses calls inside calls and f-strings."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield from _marked(
                name, [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            )


def _in_templates() -> Iterator[tuple[str, str, str]]:
    reader = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for file in (file for pattern in TEMPLATES for file in ROOT.glob(pattern)):
        for _line, name, texts in reader.extract_translations(file.read_text(encoding="utf-8")):  # type: ignore[attr-defined]
            given = [texts] if isinstance(texts, str) else [one for one in texts or () if isinstance(one, str)]
            for text, context in _marked(name, given):
                yield str(file.relative_to(ROOT)), text, context


def _marked(name: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    if name in PLAIN and texts:
        yield texts[0], ""
    if name == "pgettext" and len(texts) == 2:
        yield texts[1], texts[0]


def key(message: Message) -> Key:
    """Which of all sentences it is."""
    return str(message.id), message.context or ""


def path(language: Language, ending: str) -> Path:
    """Where a catalogue lies, as text («po») or packed («mo»)."""
    return FOLDER / language.value / "LC_MESSAGES" / f"messages.{ending}"


@cache
def catalogue(language: Language) -> Catalog:
    """What is translated."""
    with path(language, "po").open("rb") as file:
        return read_po(file, locale=language.value)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Its sentences, without the head."""
    return (one for one in catalogue if one.id)


def packed(catalogue: Catalog) -> bytes:
    """What the application reads."""
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def renew(language: Language) -> int:
    """Take in what is new, leave out what is gone, pack; returns how many sentences lack a translation."""
    known = {key(one): one.string for one in messages(catalogue(language))}
    made = Catalog(
        locale=language.value,
        charset="utf-8",
        fuzzy=False,
        project="courseapp",
        version="1",
        creation_date=MADE,
        revision_date=MADE,
        header_comment="# What courseapp says. The msgid is bokmål; renewed by «make words».",
        last_translator="courseapp",
        language_team=language.name.lower(),
        msgid_bugs_address="see SECURITY.md and CONTRIBUTING.md",
    )
    for one in messages(wanted()):
        made.add(one.id, known.get(key(one), ""), locations=one.locations, context=one.context)
    with path(language, "po").open("wb") as file:
        write_po(file, made, width=118, sort_by_file=True, omit_header=False, include_lineno=False)
    path(language, "mo").write_bytes(packed(made))
    return sum(1 for one in messages(made) if not one.string)


if __name__ == "__main__":
    for each in TRANSLATED:
        sys.stdout.write(f"{each.value}: {renew(each)} of {len(wanted())} without a translation\n")

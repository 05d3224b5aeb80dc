"""The organizers' guide: the pages of docs/guide, as they lie there, made into html."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from courseapp.config import ROOT
from courseapp.web import assets

FOLDER = ROOT / "docs" / "guide"
INDEX = "index"
PICTURES = PurePosixPath("../../static/")
"""How a page there points to a picture: so they show wherever the folder is read."""

Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the index and the pages below it, each with its title there."""

    title: str
    pages: tuple[tuple[str, str], ...]


def names() -> tuple[str, ...]:
    """Every page but the index, in the order of the index."""
    return tuple(name for chapter in chapters() for name, _title in chapter.pages)


@cache
def chapters() -> tuple[Chapter, ...]:
    """What the index lists: it is the only list there is."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for before, token in _pairs(_tokens(INDEX)):
        if token.type == "inline" and before.type == "heading_open" and before.tag == "h2":
            found.append((token.content, []))
        elif token.type == "inline" and found:
            found[-1][1].extend(_links(token))
    return tuple(Chapter(title, tuple(pages)) for title, pages in found if pages)


@cache
def title(name: str) -> str:
    """The page's heading."""
    return next(token.content for token in _tokens(name) if token.type == "inline")


def html(name: str, *, page: Address) -> Markup:
    """A page with its h1; `page` gives the address of another. No tag written there passes, only markdown."""
    tokens = _tokens(name)
    for token in tokens:
        for part in token.children or ():
            if part.type == "link_open":
                part.attrSet("href", _address(str(part.attrGet("href")), page))
            if part.type == "image":
                _picture(part)
    return Markup(_reader().renderer.render(tokens, _reader().options, {}))  # noqa: S704 - the reader escapes


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def _tokens(name: str) -> list[Token]:
    return _reader().parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def _pairs(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    return pairwise(tokens)


def _links(line: Token) -> Iterator[tuple[str, str]]:
    for before, after in _pairs(line.children or []):
        if before.type == "link_open":
            yield str(before.attrGet("href")).removesuffix(".md"), after.content


def _address(href: str, page: Address) -> str:
    name, dot, fragment = href.partition(".md")
    return page(name) + fragment if dot else href


def _picture(image: Token) -> None:
    """Its address here, and its size, so that nothing moves when it arrives."""
    name = str(PurePosixPath(str(image.attrGet("src"))).relative_to(PICTURES))
    found = assets.load(name)
    if found is None:
        raise LookupError(name)
    width, height = struct.unpack(">II", found.content[16:24])
    image.attrSet("src", assets.address(name))
    for key, value in (("width", str(width)), ("height", str(height)), ("loading", "lazy")):
        image.attrSet(key, value)

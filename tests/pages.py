"""A visitor: every page it is shown is checked before anybody looks at it."""

from __future__ import annotations

import re
from contextvars import Context
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

XHTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = {"input", "select", "textarea"}
DATA = {"type": "application/ld+json"}
"""All that a script of ours without a source may say of itself: it is data, and no browser runs it."""


@dataclass
class Page:
    """One checked page."""

    status: int
    body: str
    headers: Any
    tree: Element = field(repr=False)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element of that kind with those attributes (`data_x` stands for data-x)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one for one in self.tree.iter(XHTML + tag) if all(one.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only one."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def h1(self) -> str:
        """The heading."""
        return words(self.one("h1"))

    @property
    def text(self) -> str:
        """Everything a person reads in main."""
        return words(self.one("main"))

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        found = [one for one in self.all("div", role="alert") if "error-summary" in (one.get("class") or "")]
        return [words(item) for summary in found for item in summary.iter(XHTML + "li")]

    @property
    def fields(self) -> dict[str, Any]:
        """What the main form would send as it stands, without its token and its buttons."""
        (form, *_rest) = [one for one in self.one("main").iter(XHTML + "form") if one.get("method") == "post"]
        sent: dict[str, Any] = {}
        for one in form.iter():
            name, kind = one.get("name"), one.get("type")
            if not name or one.tag == XHTML + "button" or name == "csrf_token":
                continue
            if kind in {"checkbox", "radio"}:
                if one.get("checked") is not None:
                    sent.setdefault(name, []).append(one.get("value") or "y")
            else:
                sent[name] = self.value(name)
        return sent

    def value(self, name: str) -> str:
        """What a field holds."""
        for tag in ("input", "textarea"):
            for one in self.all(tag, name=name):
                if one.get("type") not in {"radio", "checkbox"}:
                    return one.get("value") or "".join(one.itertext())
                if one.get("checked") is not None:
                    return one.get("value") or ""
        chosen = [
            option.get("value") or ""
            for box in self.all("select", name=name)
            for option in box.iter(XHTML + "option")
            if option.get("selected") is not None
        ]
        return chosen[0] if chosen else ""


def words(element: Element) -> str:
    """Its text, spaces single, hard spaces plain."""
    return " ".join("".join(element.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())


class Visitor:
    """Somebody with a browser."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.base_url = app.extensions["courseapp.settings"].base_url

    def get(self, path: str, *, expect: int = 200) -> Page:
        """A page, checked."""
        return checked(self.ask("GET", path), expect)

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """The bare answer, all of it. Asked outside the test's application context, or `g` would live on."""
        told = {"base_url": self.base_url, "buffered": True, **more}
        return Context().run(self.client.open, path, method=method, **told)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, form_at: str | None = None, expect: int = 303
    ) -> Page:
        """Send a form: its token is taken from the page it stands on."""
        token = self.token(form_at or path)
        return checked(self.ask("POST", path, data={"csrf_token": token, **(fields or {})}), expect)

    def token(self, path: str) -> str:
        """The token of the form on a page."""
        page = self.ask("GET", path).get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found is not None, f"no form at {path}"
        return unescape(found.group(1))

    def keep(self, **cookie: object) -> None:
        """Put something into the signed cookie, as if a page had done it."""

        def write() -> None:
            with self.client.session_transaction(base_url=self.base_url) as session:
                session.update(cookie)

        Context().run(write)

    def follow(self, page: Page) -> Page:
        """Where a redirect leads."""
        return self.get(page.headers["Location"])


def checked(answer: TestResponse, expect: int) -> Page:
    """The answer as a page; anything a browser would choke on fails here."""
    body = answer.get_data(as_text=True)
    assert answer.status_code == expect, f"{answer.status_code}: {body[:3000]}"
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    tree = parser.parse(body)
    page = Page(answer.status_code, body, answer.headers, tree)
    if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
        assert not parser.errors, [(where, problem, more) for where, problem, more in parser.errors][:5]
        check(page)
    return page


def check(page: Page) -> None:
    """What every page of every door must have."""
    html = page.one("html")
    assert html.get("lang"), "the page says no language"
    assert len(words(page.one("title"))) > 5, "the page has no title"
    assert page.h1, "the page has no heading"
    ids = [one.get("id") for one in page.tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1 and one})
    _check_labels(page)
    inline = [
        one.tag for one in page.tree.iter() if one.get("style") or any(name.startswith("on") for name in one.attrib)
    ]
    assert not inline, f"inline style or handler on {inline}"
    assert not page.all("style"), "inline style"
    assert [one for one in page.all("script") if not one.get("src") and one.attrib != DATA] == [], "inline script"
    outside = [
        one.get("src") or one.get("href") for tag in ("script", "link", "img", "iframe") for one in page.all(tag)
    ]
    assert not [address for address in outside if address and address.startswith(("http", "//"))], outside


def _check_labels(page: Page) -> None:
    labelled = {one.get("for") for one in page.all("label")}
    wrapped = {id(inner) for label in page.all("label") for inner in label.iter()}
    for tag in LABELLED:
        for one in page.all(tag):
            named = (
                one.get("id") in labelled or id(one) in wrapped or one.get("aria-label") or one.get("aria-labelledby")
            )
            assert named or one.get("type") == "hidden", f"{tag} {one.get('name')} has no label"
    for button in page.all("button"):
        assert words(button) or button.get("aria-label"), "a button without words"

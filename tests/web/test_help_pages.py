"""The guide inside the application: the pages of docs/guide, open to whoever comes, and the ways to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.web import guide
from tests.pages import Page, Visitor, words
from tests.people import logged_in


def help_of(page: Page) -> list[str | None]:
    """Where «Hjelp til denne siden» leads."""
    return [one.get("href") for one in page.all("a") if words(one) == "Hjelp til denne siden"]


@pytest.mark.parametrize("name", guide.names())
def test_a_page_of_the_guide_is_shown_as_it_lies_there(app: Flask, name: str) -> None:
    page = Visitor(app).get(f"/kontor/hjelp/{name}")
    assert page.h1 == guide.title(name)
    assert len(page.all("ol")) >= 1
    for one in page.all("img"):
        found = Visitor(app).ask("GET", one.get("src") or "")
        assert (found.status_code, found.mimetype) == (200, "image/png")
        assert int(one.get("width") or 0) > 300
    here = [words(one) for one in page.all("a", aria_current="page") if "/hjelp/" in (one.get("href") or "")]
    assert here == [guide.title(name)]


def test_the_index_leads_to_every_page_and_each_of_them_back(app: Flask) -> None:
    visitor = Visitor(app)
    led = [one.get("href") for one in visitor.get("/kontor/hjelp").one("main").iter() if one.get("href")]
    assert led == [f"/kontor/hjelp/{name}" for name in guide.names()]
    assert visitor.get(led[0] or "").one("main").findall(".//*[@href='/kontor/hjelp']")


def test_links_from_page_to_page_lead_to_the_page(app: Flask) -> None:
    page = Visitor(app).get("/kontor/hjelp/forste-kurs")
    (article,) = page.all("article")
    led = [one.get("href") for one in article.iter() if one.get("href")]
    assert led == ["/kontor/hjelp/arsrapport", "/kontor/hjelp/brukere", "/kontor/hjelp/epost"]


@pytest.mark.parametrize("name", ["finnes-ikke", "index", "..%2Findex", "Grupper"])
def test_a_page_that_is_not_there_is_not_found(app: Flask, name: str) -> None:
    Visitor(app).get(f"/kontor/hjelp/{name}", expect=404)


def test_the_guide_says_that_it_is_norwegian_whatever_the_page_speaks(app: Flask) -> None:
    page = Visitor(app).get("/kontor/hjelp/grupper?sprak=en")
    (article,) = page.all("article")
    assert (page.one("html").get("lang"), article.get("lang")) == ("en", "no")
    assert "Help" in page.text


def test_working_pages_lead_to_the_page_about_them_and_every_page_to_the_guide(app: Flask) -> None:
    visitor = logged_in(app, role=UserRole.ORGANIZER)
    told = [(path, help_of(visitor.get(path))) for path in ("/kontor/arrangementer", "/kontor/nytt", "/kontor/hjelp")]
    assert told == [
        ("/kontor/arrangementer", ["/kontor/hjelp/pameldinger"]),
        ("/kontor/nytt", ["/kontor/hjelp/lage-kurs"]),
        ("/kontor/hjelp", []),
    ]
    assert help_of(Visitor(app).get("/kontor/logg-inn")) == ["/kontor/hjelp/brukere"]
    assert [one.get("href") for one in visitor.get("/kontor/nytt").all("a") if words(one) == "Hjelp"] == [
        "/kontor/hjelp"
    ]


def test_what_is_written_there_becomes_no_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "FOLDER", tmp_path)
    (tmp_path / "x.md").write_text("# Hei\n\n<script>alert(1)</script> [her](javascript:alert)\n", encoding="utf-8")
    made = guide.html("x", page=str)
    assert ("<script" in made, "href" in made, "&lt;script&gt;" in made) == (False, False, True)

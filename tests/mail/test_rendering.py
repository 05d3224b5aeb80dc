"""Letters of one event are made once, and hold each reader's own words as if they had been made for her."""

from collections.abc import Iterator

import pytest
from flask import Flask
from markupsafe import escape

from courseapp.mail import rendering
from courseapp.services import registrations
from tests.letters import all_letters
from tests.making import make_event, wish
from tests.unaged import unchecked

NASTY = ("Kåre", "<b>Kari & «Åse»</b>", "%(link)s %s {{ link }} {navn} 'x' \"y\"", "blank-first_name.", "\\g<0>")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The letters that were made from their templates."""
    found: list[str] = []
    rendered = rendering.rendered

    def noted(occasion: str, **facts: object) -> tuple[str, str, str]:
        found.append(occasion)
        return rendered(occasion, **facts)

    rendering._filled_in.clear()
    monkeypatch.setattr(rendering, "rendered", noted)
    with unchecked():
        yield found


def test_the_second_participant_costs_no_templates(app: Flask, made: list[str]) -> None:
    event = make_event(capacity=30)
    for number in range(3):
        registrations.sign_up(wish(event, number))
    assert made == ["confirmation", "invitation", "invitation"]
    assert [one.occasion for one in all_letters()] == made * 3


def test_a_course_that_changed_is_told_anew(app: Flask, made: list[str]) -> None:
    registrations.sign_up(wish(make_event(), 1))
    registrations.sign_up(wish(make_event(title="Et annet kurs"), 2))
    assert len(made) == 6
    assert all("Et annet kurs" in one.text for one in all_letters()[3:])


@pytest.mark.parametrize("name", NASTY)
def test_nobodys_name_is_read_as_anything_else(app: Flask, name: str) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2, first_name=name))  # from what was kept, compared with a letter made for her
    for letter in all_letters()[3:]:
        assert f"Hei, {name}. Du har plass" in letter.text
        assert f"Hei, {escape(name)}. Du har plass" in letter.html

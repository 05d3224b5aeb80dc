"""Merge fields, what may stand in a text, and who is meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courseapp.domain.errors import DomainError
from courseapp.domain.messages import (
    EXPLAINED,
    LONGEST_BODY,
    LONGEST_SUBJECT,
    Choice,
    Field,
    LinkInSubject,
    NoBody,
    NoSubject,
    StrayBrace,
    SubjectNotOneLine,
    TooLong,
    UnknownField,
    check_fields,
    check_text,
    fill,
    fill_known,
    fingerprint,
    paragraphs,
)
from courseapp.domain.registration import Role, Status
from courseapp.domain.standard_texts import BUILT_IN

VALUES = {field: f"<{field.upper()}>" for field in Field}
PIECES = st.sampled_from(
    [*(f"{{{one}}}" for one in Field), "{", "}", "{{", "{x}", "{fornavn", "navn}", "å", "\n", "%s", "{0}"]
)
texts = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)


def refusal(subject: str, body: str) -> type[DomainError] | None:
    try:
        check_text(subject, body)
    except DomainError as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("field", Field)
def test_every_field_is_filled_and_explained(field: Field) -> None:
    assert fill(f"a {{{field}}} b", VALUES) == f"a <{field.upper()}> b"
    assert EXPLAINED[field]


@settings(max_examples=300)
@given(text=texts)
@example("{fornavn}{navn}")
@example("{{fornavn}}")
def test_filling_leaves_no_field_or_refuses(text: str) -> None:
    try:
        filled = fill(text, VALUES)
    except (UnknownField, StrayBrace):
        with pytest.raises(DomainError):
            check_fields(text)
        return
    assert "{" not in filled
    assert "}" not in filled


@settings(max_examples=200)
@given(value=texts)
@example("{lenke}")
@example("\\1 \\g<0> %(x)s {0.__class__}")
def test_a_value_is_never_read_as_a_field(value: str) -> None:
    assert fill("a {fornavn} b {arrangement} c", {**VALUES, Field.FIRST_NAME: value}) == f"a {value} b <ARRANGEMENT> c"


@settings(max_examples=200)
@given(text=st.text(alphabet=st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=80))
def test_a_text_without_braces_stays_as_it_is(text: str) -> None:
    assert fill(text, VALUES) == text == fill_known(text, VALUES)


def test_only_known_fields_are_filled_for_a_list() -> None:
    assert fill_known("{fornavn}: {datoer} {x} {", {Field.DATES: "3. mai"}) == "{fornavn}: 3. mai {x} {"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hei {fornvn}", "{fornvn} er ikke et flettefelt. Mente du {fornavn}?"),
        ("Hei {Fornavn}", "{Fornavn} er ikke et flettefelt. Mente du {fornavn}?"),
        ("{ lenke }", "{ lenke } er ikke et flettefelt. Mente du {lenke}?"),
        (
            "{qqqqqqqq}",
            (
                "{qqqqqqqq} er ikke et flettefelt. De som finnes, er {fornavn}, {navn}, {arrangement}, {datoer}, "
                "{sted}, {lenke}, {kontor}, {kontaktperson}."
            ),
        ),
    ],
)
def test_an_unknown_field_is_named_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(UnknownField) as refused:
        check_fields(text)
    assert str(refused.value) == said


@pytest.mark.parametrize("text", ["Hei {fornavn", "Hei fornavn}", "{{fornavn}}", "{forn\navn}", "}{"])
def test_a_stray_brace_is_refused_with_where_it_stands(text: str) -> None:
    with pytest.raises(StrayBrace) as refused:
        check_fields(text)
    assert "mangler makker" in str(refused.value)


@pytest.mark.parametrize(
    ("subject", "body", "refused"),
    [
        ("", "b", NoSubject),
        ("s", " \n ", NoBody),
        ("s\r\nBcc: a@b.no", "b", SubjectNotOneLine),
        ("s\nx", "b", SubjectNotOneLine),
        ("s\u2028x", "b", SubjectNotOneLine),
        ("s\x00", "b", SubjectNotOneLine),
        ("s" * (LONGEST_SUBJECT + 1), "b", TooLong),
        ("s", "b" * (LONGEST_BODY + 1), TooLong),
        ("se {lenke}", "b", LinkInSubject),
        ("{x}", "b", UnknownField),
        ("s", "{x}", UnknownField),
        ("s {", "b", StrayBrace),
        ("Hei {fornavn}", "Se {lenke}", None),
    ],
)
def test_what_may_be_sent(subject: str, body: str, refused: type[DomainError] | None) -> None:
    assert refusal(subject, body) is refused


@pytest.mark.parametrize("text", BUILT_IN, ids=lambda one: one.code)
def test_the_built_in_texts_may_be_sent(text: object) -> None:
    assert refusal(getattr(text, "subject"), getattr(text, "body")) is None  # noqa: B009 - parametrized as objects


def test_blank_lines_part_paragraphs() -> None:
    assert paragraphs("a\r\nb\r\n \r\n\r\nc  \n\n\n") == (("a", "b"), ("c",))
    assert paragraphs(" \n \n") == ()


def takes(choice: Choice, **more: object) -> bool:
    told: dict[str, object] = {
        "registration_id": 1,
        "status": Status.REGISTERED,
        "role": Role.ALIS,
        "municipality": "Bodø",
        "group": 2,
        **more,
    }
    return choice.takes(**told)  # type: ignore[arg-type]  # the keyword arguments are written out above


def test_the_first_choice_is_everybody_with_a_seat() -> None:
    assert [one for one in Status if takes(Choice(), status=one)] == [Status.REGISTERED]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(roles=(Role.SAMLIS,)), False),
        (Choice(roles=(Role.SAMLIS, Role.ALIS)), True),
        (Choice(municipalities=("BODØ ",)), True),
        (Choice(municipalities=("Tromsø",)), False),
        (Choice(groups=(1, 2)), True),
        (Choice(groups=(1,)), False),
        (Choice(statuses=()), False),
        (Choice(only=(1,), statuses=(), roles=(Role.SAMLIS,)), True),
        (Choice(only=(2,)), False),
    ],
)
def test_each_list_asks_something_and_only_asks_nothing_else(choice: Choice, *, expected: bool) -> None:
    assert takes(choice) is expected


def test_a_choice_is_kept_and_comes_back_the_same() -> None:
    choice = Choice(
        statuses=(Status.OFFERED,), roles=(Role.LIS1,), municipalities=("Ås",), groups=(3,), only=(7, 8), leaders=True
    )
    assert Choice.of(choice.kept()) == choice
    assert Choice.of({}) == Choice(statuses=())


def test_the_mark_tells_other_people_and_another_text_apart() -> None:
    marks = {fingerprint(1, [1, 2], []), fingerprint(2, [1, 2], []), fingerprint(1, [1], [2]), fingerprint(1, [1], [])}
    assert len(marks) == 4
    assert fingerprint(1, [2, 1], []) in marks

"""Norwegian order of names."""

import random

from hypothesis import given
from hypothesis import strategies as st

from courseapp.domain.names import sort_key


def ordered(*names: str) -> list[str]:
    """Surnames in order, whatever order they came in."""
    shuffled = list(names)
    random.Random(7).shuffle(shuffled)
    return sorted(shuffled, key=lambda name: sort_key(name, "Kari"))


def test_the_three_last_letters_come_last_and_in_their_order() -> None:
    names = ["Abel", "Olsen", "Zahl", "Ærø", "Ødegård", "Ås"]
    assert ordered(*names) == names


def test_they_do_so_inside_a_name_as_well() -> None:
    names = ["Bakke", "Bz", "Bæk", "Bø", "Bå"]
    assert ordered(*names) == names


def test_double_a_is_sorted_as_one_letter() -> None:
    assert sort_key("Aasen", "Per") == sort_key("Åsen", "Per")
    assert ordered("Zahl", "Aas", "Abel") == ["Abel", "Zahl", "Aas"]


def test_the_swedish_letters_stand_with_their_norwegian_kin() -> None:
    assert sort_key("Öberg", "Per") == sort_key("Øberg", "Per")
    assert sort_key("Ähr", "Per") == sort_key("Æhr", "Per")


def test_accents_and_case_do_not_count() -> None:
    assert sort_key("André", "José") == sort_key("ANDRE", "jose")
    assert ordered("Müller", "Munk", "Moe") == ["Moe", "Müller", "Munk"]


def test_first_names_decide_where_surnames_are_alike() -> None:
    keys = [sort_key("Hansen", first) for first in ("Anne", "Bjørn", "Åse")]
    assert keys == sorted(keys)


def test_a_longer_surname_stands_after_the_shorter_it_begins_with() -> None:
    assert sort_key("Hansen", "Øyvind") < sort_key("Hansensen", "Anne")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_has_a_key_that_fits(last: str, first: str) -> None:
    assert len(sort_key(last, first)) <= 200

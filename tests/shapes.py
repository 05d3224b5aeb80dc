"""Whether JSON has exactly the shape that was promised."""

from __future__ import annotations

import re
from typing import Any


def wrong(value: Any, shape: Any, at: str = "") -> list[str]:
    """Where it has another one: a field too many or too few, or of another type.

    A shape is a type, a pattern for a text, None, a tuple of what it may be, a list with the shape of every item, or a
    dict with the shape of every field.
    """
    match shape:
        case tuple():
            lines = [] if any(not wrong(value, one) for one in shape) else [f"{at}: {value!r}"]
        case list():
            lines = [
                line for number, one in enumerate(_items(value)) for line in wrong(one, shape[0], f"{at}[{number}]")
            ]
        case dict():
            fields = value if isinstance(value, dict) else {}
            different = sorted(set(fields) ^ set(shape))
            lines = [f"{at}: {different}"] if different else []
            lines += [
                line for name in fields if name in shape for line in wrong(fields[name], shape[name], f"{at}.{name}")
            ]
        case re.Pattern():
            lines = [] if isinstance(value, str) and shape.fullmatch(value) else [f"{at}: {value!r}"]
        case _:
            fits = value is None if shape is None else type(value) is shape
            lines = [] if fits else [f"{at}: {value!r}"]
    return lines


def _items(value: Any) -> list[Any]:
    assert isinstance(value, list), value
    return value

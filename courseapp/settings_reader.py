"""How settings are taken out of the environment: by their short names, each with a sentence when it cannot work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

PREFIX = "COURSEAPP_"
T = TypeVar("T")


class SettingsError(ValueError):
    """A setting has a value that cannot work; the sentence names it and says what is allowed."""


class Reader:
    """Takes settings out of the environment by their short names."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def optional(self, name: str) -> str | None:
        """What stands there, or None."""
        return self._environ.get(PREFIX + name, "").strip() or None

    def text(self, name: str, *, default: str) -> str:
        """What stands there, or the default."""
        return self.optional(name) or default

    def flag(self, name: str, *, default: bool) -> bool:
        """0 or 1."""
        value = self.text(name, default="1" if default else "0").lower()
        if value not in {"0", "1", "true", "false"}:
            raise wrong(name, value, "0 or 1")
        return value in {"1", "true"}

    def count(self, name: str, *, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.text(name, default=str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise wrong(name, value, f"a whole number from {least} to {most}")
        return int(value)

    def checked(self, name: str, check: Callable[[str], T], *, default: str, allowed: str) -> T:
        """What `check` makes of it; a ValueError becomes a sentence that says what is allowed."""
        value = self.text(name, default=default)
        try:
            return check(value)
        except ValueError as problem:
            raise wrong(name, value, allowed) from problem


def wrong(name: str, value: str, allowed: str) -> SettingsError:
    """The sentence about a setting that cannot work."""
    return SettingsError(f"{PREFIX}{name} is {value!r}; allowed: {allowed}.")

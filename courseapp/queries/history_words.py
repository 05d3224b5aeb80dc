"""What histories say besides the verb, where details are codes and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from courseapp import wording
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.modes import Mode, counts_line
from courseapp.domain.series import Counted
from courseapp.speech import said
from courseapp.speech import said as _


def of(verb: str, details: dict[str, Any]) -> str:
    """A sentence or a few words about one act; nothing for acts that need none."""
    words = _WORDS.get(verb)
    return words(details) if words is not None else ""


def seats(details: dict[str, Any]) -> str:
    """«20 → 30», and of two rooms both."""
    room = " → ".join(str(details.get(name) or "–") for name in ("old", "new"))
    if "hybrid" not in details:
        return room
    digital = " → ".join(str(details.get(name) or "–") for name in ("digital_old", "digital_new"))
    if details["hybrid"]:
        return said("I salen: %(room)s. Digitalt: %(digital)s.", room=room, digital=digital)
    return said("%(room)s. Ikke lenger digitalt.", room=room)


def over(details: dict[str, Any]) -> str:
    """How many there were in how many seats, where that is more than there are."""
    taken, capacity = details.get("taken", 0), details.get("capacity")
    if not capacity or taken <= capacity:
        return ""
    return said("%(taken)d av %(capacity)d plasser tatt.", taken=taken, capacity=capacity)


def _fields(details: dict[str, Any]) -> str:
    """«Arbeidssted, HPR-nummer»: what was changed, never what it says."""
    return ", ".join(wording.person_field(one) for one in str(details.get("changed") or "").split(",") if one)


def _columns(details: dict[str, Any]) -> str:
    """Which sensitive columns a file had."""
    named = [wording.person_field(one) for one in str(details.get("sensitive") or "").split(",") if one]
    return said("Med %(columns)s", columns=wording.listed(named)) if named else ""


def _added(details: dict[str, Any]) -> str:
    parts = [over(details), str(details.get("reason") or "")]
    if not details.get("mail"):
        parts.append(said("Uten e-post."))
    return " ".join(filter(None, parts))


def _imported(details: dict[str, Any]) -> str:
    if "people" not in details:
        return _added(details) if "mail" in details else ""
    parts = [said("%(people)s lagt inn.", people=wording.counted(details["people"], _("person"), _("personer")))]
    if details.get("skipped"):
        parts.append(said("%(rows)s hoppet over.", rows=wording.counted(details["skipped"], _("rad"), _("rader"))))
    return " ".join([*parts, _added(details)]).strip()


def _attendance(details: dict[str, Any]) -> str:
    """What was marked, or that the mark was taken away."""
    if not details.get("new"):
        return said("Fjernet")
    state = wording.label(AttendanceState(details["new"]))
    if not details.get("minutes"):
        return state
    return said("%(state)s (%(minutes)d minutter)", state=state, minutes=details["minutes"])


def _heads(details: dict[str, Any]) -> str:
    number = details.get("new")
    if number is None:
        return ""
    digital = details.get("digital")
    apart = "" if digital is None else f" ({counts_line({Mode.PHYSICAL: number - digital, Mode.DIGITAL: digital})})"
    return said("Ca. %(number)s", number=f"{number}{apart}") if details.get("approximate") else f"{number}{apart}"


def _hours(details: dict[str, Any]) -> str:
    return wording.hours(details["minutes"])


def _repeated(details: dict[str, Any]) -> str:
    return wording.counted(details["count"], _("ny dato"), _("nye datoer")) + "."


def _series_counted(details: dict[str, Any]) -> str:
    return wording.label(Counted(details["new"]))


def _mode(details: dict[str, Any]) -> str:
    """Which room it was changed to, the seats where there were not enough, and why."""
    parts = [
        said("Nå: %(mode)s.", mode=wording.label(Mode(details["mode"])).lower()),
        over(details),
        str(details.get("reason") or ""),
    ]
    return " ".join(filter(None, parts))


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "details_changed": _fields,
    "address_changed": _fields,
    "participants_exported": _columns,
    "added_by_hand": _added,
    "attendance_marked": _attendance,
    "dropped_in": over,
    "heads_counted": _heads,
    "hours_granted": _hours,
    "mode_changed": _mode,
    "mode_changed_by_hand": _mode,
    "hours_grant_undone": _hours,
    "imported": _imported,
    "people_imported": _imported,
    "repeated": _repeated,
    "series_counted": _series_counted,
}

"""What is different about an event, in the reader's language: one line a change."""

from __future__ import annotations

from courseapp.domain.changes import Change, ChangeKind
from courseapp.speech import said as _
from courseapp.when import day, session_times, short_day


def change_text(change: Change) -> str:
    """One change in one line: what it was, what it is."""
    old, new = change.old, change.new
    before, after = change.before or "–", change.after or "–"
    match change.kind:
        case ChangeKind.REMOVED if old is not None:
            text = _("%(day)s %(times)s utgår", day=day(old.starts_at), times=session_times(old))
        case ChangeKind.ADDED if new is not None:
            where = f", {new.place}" if new.place else ""
            text = _("Ny samling: %(day)s %(times)s", day=day(new.starts_at), times=session_times(new)) + where
        case ChangeKind.TIME if old is not None and new is not None:
            text = _(
                "Ny tid: %(day)s %(times)s (før: %(old_day)s %(old_times)s)",
                day=day(new.starts_at),
                times=session_times(new),
                old_day=day(old.starts_at),
                old_times=session_times(old),
            )
        case ChangeKind.PLACE if old is not None and new is not None:
            facts = {"day": short_day(new.starts_at), "place": new.place or "–", "before": old.place or "–"}
            text = _("Nytt sted %(day)s: %(place)s (før: %(before)s)", **facts)
        case ChangeKind.TITLE:
            text = _("Ny tittel: %(after)s (før: %(before)s)", after=after, before=before)
        case _other:
            text = _("Kursholdere: %(after)s (før: %(before)s)", after=after, before=before)
    return str(text)

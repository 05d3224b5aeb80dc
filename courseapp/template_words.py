"""The words that templates may use: filters and functions of pages and letters."""

from __future__ import annotations

from markupsafe import Markup

from courseapp import change_words, speech, when, wording
from courseapp.domain.language import NAMES, Language


def authored(text: str) -> str:
    """What an office wrote, which is Norwegian whatever the page speaks: a screen reader is told so (WCAG 3.1.2)."""
    return text if speech.language() is Language.BOKMAL else Markup('<span lang="no">{}</span>').format(text)


FILTERS = {
    "authored": authored,
    "label": wording.label,
    "refusal": wording.refusal,
    "language_name": NAMES.__getitem__,
    "short_label": wording.short_label,
    "history": wording.history,
    "field_name": wording.field_name,
    "person_field": wording.person_field,
    "day": when.day,
    "short_day": when.short_day,
    "moment": when.moment,
    "clock_time": when.clock_time,
    "hours": wording.hours,
    "phone": wording.phone,
    "number": wording.number,
    "listed": wording.listed,
}

GLOBALS = {
    "dates": when.sessions_dates,
    "weekday_dates": when.sessions_weekday_dates,
    "weekdays": when.weekday_dates,
    "time_span": when.session_times,
    "session_title": wording.session_title,
    "session_location": wording.session_location,
    "in_month": when.in_month,
    "local": when.local,
    "counted": wording.counted,
    "change_text": change_words.change_text,
    "language": speech.language,
}

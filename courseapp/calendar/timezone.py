"""Norwegian time in a calendar file: one zone, written the way Outlook understands it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.prop import vDatetime

OSLO = ZoneInfo("Europe/Oslo")

# Fixed text, because the library's add_missing_timezones() writes RDATE lists that ical.js and vobject read
# an hour wrong in summer; Outlook wants one yearly RRULE with one BYDAY (MS-OXCICAL 2.1.3.1.1.19.2).
VTIMEZONE = Timezone.from_ical(
    """\
BEGIN:VTIMEZONE
TZID:Europe/Oslo
X-LIC-LOCATION:Europe/Oslo
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
)


def in_oslo(moment: datetime) -> vDatetime:
    """The aware moment as local time with TZID=Europe/Oslo; a naive one raises ValueError."""
    return vDatetime(_aware(moment).astimezone(OSLO))


def in_utc(moment: datetime) -> vDatetime:
    """The aware moment in UTC, ending in Z; a naive one raises ValueError."""
    return vDatetime(_aware(moment).astimezone(UTC))


def _aware(moment: datetime) -> datetime:
    # A naive time would be taken for the server's own zone, and be silently wrong.
    if moment.tzinfo is None:
        raise ValueError(f"a calendar entry needs an aware time, not {moment!r}")
    return moment

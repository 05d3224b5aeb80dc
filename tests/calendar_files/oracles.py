"""Three readers of calendar files that are not the library which writes them."""

import ctypes
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import vobject
from playwright.sync_api import Error, Page, sync_playwright

from tests.need import need

ICAL_JS = Path(__file__).parents[1] / "vendor" / "ical.js"
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
_LOAD = """async (source) => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  window.ICAL = (await import(address)).default;
}"""
# The zones of the file are registered one file at a time, so that what is read is the file's own VTIMEZONE.
_READ = """(text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const instant = (time) => time.toJSDate().toISOString();
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid, sequence: event.sequence, summary: event.summary, location: event.location,
      description: event.description, organizer: event.organizer, starts_at: instant(event.startDate),
      ends_at: instant(event.endDate), attendees: event.attendees.map((who) => who.getFirstValue()),
      properties: component.getAllProperties().map((property) => property.name.toUpperCase()),
    };
  });
}"""


def lines(ics: bytes) -> list[str]:
    """The content lines, unfolded by hand."""
    return re.sub(rb"\r\n[ \t]", b"", ics).decode().removesuffix("\r\n").split("\r\n")


def event_properties(ics: bytes) -> list[str]:
    """The names of the first event's properties, in the order they stand."""
    whole = lines(ics)
    inside = whole[whole.index("BEGIN:VEVENT") + 1 : whole.index("END:VEVENT")]
    return [re.split("[;:]", line)[0] for line in inside]


def by_vobject(ics: bytes) -> Any:
    """The calendar as vobject reads and validates it."""
    # vobject keeps the first zone it meets under a name for the whole process: a bad one would hide behind a good one.
    for zone in re.findall(rb"^TZID:(.*?)\r$", ics, re.MULTILINE):
        vobject.icalendar.registerTzid(zone.decode(), None)
    calendar = vobject.readOne(ics.decode())
    calendar.validate(raiseException=True)
    return calendar


def starts_by_vobject(ics: bytes) -> list[datetime]:
    """When the events begin, in UTC, by the file's own VTIMEZONE."""
    return [event.dtstart.value.astimezone(UTC) for event in by_vobject(ics).vevent_list]


class IcalJs:
    """ical.js in a headless Chromium."""

    def __init__(self, browser: ThreadPoolExecutor, page: Page) -> None:
        self._browser = browser
        self._page = page

    def read(self, ics: bytes) -> list[dict[str, Any]]:
        """The events of the file, times as UTC datetimes."""
        events: list[dict[str, Any]] = self._browser.submit(self._page.evaluate, _READ, ics.decode()).result()
        for event in events:
            event["starts_at"] = datetime.fromisoformat(event["starts_at"])
            event["ends_at"] = datetime.fromisoformat(event["ends_at"])
        return events


@contextmanager
def ical_js() -> Iterator[IcalJs]:
    """An ical.js to ask; needs Chromium on the machine."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(chromium, "Chromium")
    # A thread of its own: playwright allows one running instance per thread, and other tests may have theirs.
    with ThreadPoolExecutor(max_workers=1) as browser:
        playwright = browser.submit(sync_playwright().start).result()
        try:
            started = browser.submit(playwright.chromium.launch, executable_path=chromium, args=_QUIET).result()
            page = browser.submit(started.new_page).result()
            browser.submit(page.evaluate, _LOAD, ICAL_JS.read_text()).result()
            yield IcalJs(browser, page)
            browser.submit(started.close).result()
        finally:
            browser.submit(playwright.stop).result()


JsError = Error  # what ical.js raises reaches us as playwright's error


def complaints_of_libical(ics: bytes) -> list[str]:
    """What libical's table of RFC 5546 finds wrong; empty when all is well. Needs Debian's libical3."""
    try:
        libical = ctypes.CDLL("libical.so.3")
    except OSError:
        need(condition=False, what="libical (libical3)")
        raise
    for name in ("icalparser_parse_string", "icalcomponent_as_ical_string_r"):
        getattr(libical, name).restype = ctypes.c_void_p
    libical.icalerror_set_errors_are_fatal(0)
    parsed = ctypes.c_void_p(libical.icalparser_parse_string(ctypes.c_char_p(ics)))
    if not parsed:
        return ["not a calendar"]
    fine = libical.icalrestriction_check(parsed)
    text = ctypes.c_void_p(libical.icalcomponent_as_ical_string_r(parsed))
    said = re.sub(r"\r?\n[ \t]", "", ctypes.string_at(text.value or 0).decode())
    libical.icalmemory_free_buffer(text)
    libical.icalcomponent_free(parsed)
    found = re.findall(r"^X-LIC-ERROR[^:]*:(.*?)\r?$", said, re.MULTILINE)
    return list(dict.fromkeys(found)) or ([] if fine else ["refused without a reason"])

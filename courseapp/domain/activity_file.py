"""The csv file of reported activities, from bytes to checked rows; every row that cannot be understood is named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from courseapp.domain import report
from courseapp.domain.errors import DomainError
from courseapp.domain.event import EventKind, ReportTable
from courseapp.domain.marking import N_

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 5_000
LONGEST_TEXT = 2_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
NEEDED = frozenset({"office", "year", "table", "place", "dates_text", "activity", "topic", "participants_text"})
ALLOWED = NEEDED | {
    "report",
    "start_date",
    "end_date",
    "participants_number",
    "approximate",
    "comment",
    "role_counts_text",
}
SEPARATORS = ",;\t"
YES_NO = {
    "": None,
    "true": True,
    "1": True,
    "ja": True,
    "sann": True,
    "false": False,
    "0": False,
    "nei": False,
    "usann": False,
}

KINDS: tuple[tuple[str, str, EventKind], ...] = (
    ("activity", r"kurs i individuell veiledning|^veilederkurs", EventKind.VEILEDERKURS),
    ("activity", r"kursholderdag", EventKind.KURSHOLDERDAG),
    ("activity", r"alis-kveld", EventKind.ALIS_KVELD),
    ("activity", r"alis-dag", EventKind.ALIS_DAG),
    ("comment", r"^alis-kveld", EventKind.ALIS_KVELD),  # «Infomøte» whose comment says that it was one
    ("topic", r"^stand\b", EventKind.STAND),  # before conferences: most stands are at one
    ("activity", r"^stand\b", EventKind.STAND),
    ("activity", r"nyhetsbrev", EventKind.NEWSLETTER),
    ("topic", r"dialogmøte", EventKind.DIALOGUE_MEETING),
    ("activity", r"dialogmøte", EventKind.DIALOGUE_MEETING),
    ("activity", r"individuell oppfølging", EventKind.FOLLOW_UP),
    ("activity", r"webinar", EventKind.WEBINAR),
    ("activity", r"konferanse", EventKind.CONFERENCE),
)
"""Which words in which column make a row which kind; the first that fits, else «other»."""

UNEVEN = N_("Raden har %(count)d kolonner, overskriften har %(heads)d.")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_RUN_BY = re.compile(r"^Kurs i regi av (?P<who>.+)$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the file, counted from 1 with the header, and why it cannot be read."""

    line: int
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The reason in bokmål, for commands."""
        return self.reason % self.values if self.values else self.reason


class ImportRefused(DomainError):
    """Something in the file cannot be understood, so nothing of it was taken in; `problems` has every bad row."""

    message = N_("Filen kan ikke importeres. Ingenting er lagt inn.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = sorted(problems, key=lambda problem: problem.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One row, understood. `days` are in order, empty where the row gives none; `number` None is blank, not zero."""

    line: int
    office: str
    year: int
    table: ReportTable
    kind: EventKind
    place: str
    dates_text: str
    days: tuple[date, ...]
    activity: str
    topic: str
    participants_text: str
    number: int | None
    approximate: bool
    comment: str
    role_counts_text: str
    external_organizer: str


def activities(content: bytes) -> list[Activity]:
    """Every row of a csv file (comma, semicolon or tab; UTF-8, UTF-16 with a mark, or Windows-1252).

    Raises ImportRefused with all rows that cannot be understood; which offices exist is not known here.
    """
    problems: list[Problem] = []
    found: list[Activity] = []
    for line, row in _rows(decoded(content), problems):
        try:
            found.append(_activity(line, row))
        except DomainError as refusal:
            problems.append(Problem(line, refusal.message, refusal.values))
    if not problems and not found:
        problems.append(Problem(1, N_("Filen har ingen rader under overskriften.")))
    if problems:
        raise ImportRefused(problems)
    return found


def kind_of(row: Mapping[str, str]) -> EventKind:
    """The kind that the words of a row tell, by the table `KINDS`."""
    return next((kind for column, words, kind in KINDS if re.search(words, row[column].casefold())), EventKind.OTHER)


def decoded(content: bytes) -> str:
    """The text of a csv file. Raises ImportRefused for what is no text, or too much of it."""
    if len(content) > MOST_BYTES:
        raise ImportRefused([Problem(1, N_("Filen er større enn %(most)d MB."), {"most": MOST_BYTES // 1024 // 1024})])
    if content.startswith(b"PK\x03\x04"):
        raise ImportRefused([Problem(1, N_("Dette er en Excel-fil. Lagre den som csv (UTF-8) og prøv igjen."))])
    text = _decoded(content)
    if text is None or _CONTROL.search(text):
        raise ImportRefused([Problem(1, N_("Dette er ikke en tekstfil."))])
    if not text.strip():
        raise ImportRefused([Problem(1, N_("Filen er tom."))])
    return text


def _decoded(content: bytes) -> str | None:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it begins on, its cells trimmed; what cannot be cut into cells becomes a problem."""
    first_line = text.lstrip().splitlines()[0]
    separator = max(SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    line, count = 1, 0
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if header is None:
                header = _header(row) if any(row) else None
            elif any(row):
                count += 1
                if count > MOST_ROWS:
                    problems.append(Problem(line, N_("Filen har mer enn %(most)d rader."), {"most": MOST_ROWS}))
                    return
                if len(row) == len(header):
                    yield line, dict.fromkeys(ALLOWED, "") | dict(zip(header, row, strict=True))
                else:
                    problems.append(Problem(line, UNEVEN, {"count": len(row), "heads": len(header)}))
            line = reader.line_num + 1
    except csv.Error:
        problems.append(Problem(line, N_("Raden kan ikke leses: et anførselstegn mangler eller står feil.")))


def _header(row: Sequence[str]) -> list[str]:
    names = [name.casefold() for name in row]
    if not set(names) & NEEDED:
        raise ImportRefused([Problem(1, N_("Filen mangler overskrifter i første rad."))])
    if missing := ", ".join(sorted(NEEDED - set(names))):
        raise ImportRefused([Problem(1, N_("Filen mangler kolonnene %(names)s."), {"names": missing})])
    if strange := ", ".join(sorted(set(names) - ALLOWED)):
        raise ImportRefused([Problem(1, N_("Filen har ukjente kolonner: %(names)s."), {"names": strange})])
    if len(set(names)) < len(names):
        raise ImportRefused([Problem(1, N_("Filen har samme kolonne flere ganger."))])
    return names


def _activity(line: int, row: Mapping[str, str]) -> Activity:
    if not row["activity"]:
        raise DomainError(N_("Aktiviteten mangler."))
    if any(len(cell) > LONGEST_TEXT for cell in row.values()):
        raise DomainError(N_("En tekst er lengre enn %(most)d tegn."), most=LONGEST_TEXT)
    year = _year(row["year"])
    number, approximate = _number(row)
    run_by = _RUN_BY.match(row["comment"])
    return Activity(
        line=line,
        office=row["office"],
        year=year,
        table=_table(row["table"]),
        kind=kind_of(row),
        place=row["place"],
        dates_text=row["dates_text"],
        days=_days(row, year),
        activity=row["activity"],
        topic=row["topic"],
        participants_text=row["participants_text"],
        number=number,
        approximate=approximate,
        comment=row["comment"],
        role_counts_text=row["role_counts_text"],
        external_organizer=run_by["who"].strip() if run_by else "",
    )


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise DomainError(N_("Året «%(text)s» er ikke et årstall."), text=text)
    return int(text)


def _table(text: str) -> ReportTable:
    try:
        return ReportTable(text.replace(",", "."))  # a Norwegian spreadsheet writes 4,1
    except ValueError:
        none = N_("Tabellen «%(text)s» finnes ikke. Tabellene er %(known)s.")
        raise DomainError(none, text=text, known=", ".join(ReportTable)) from None


def _number(row: Mapping[str, str]) -> tuple[int | None, bool]:
    """The number and whether it is approximate: from their own columns where filled in, else from the text."""
    text, cell = row["participants_text"], row["participants_number"]
    if row["approximate"].casefold() not in YES_NO:
        raise DomainError(N_("«%(text)s» i kolonnen approximate må være true eller false."), text=row["approximate"])
    about = YES_NO[row["approximate"].casefold()]
    if not cell:
        read = report.participants(text)
        return read.number, read.approximate if about is None else about and read.number is not None
    if not re.fullmatch(r"[0-9]{1,6}", cell):
        raise DomainError(N_("Antallet «%(text)s» må være et helt tall, 0 eller mer."), text=cell)
    read = _read_beside(text)
    if read.number is not None and read.number != int(cell):
        raise DomainError(N_("Antallet er %(count)s, men teksten sier «%(text)s»."), count=cell, text=text)
    return int(cell), read.approximate if about is None else about


def _read_beside(text: str) -> report.Participants:
    """What the text says; one with several numbers is fine here, where the number stands in a column of its own."""
    try:
        return report.participants(text)
    except report.NotANumber:
        return report.Participants(number=None, approximate=False, mode="")


def _days(row: Mapping[str, str], year: int) -> tuple[date, ...]:
    """The days a row tells; its date columns may fill in for a vague text, but not speak against a clear one."""
    named = report.dates(row["dates_text"], year=year)
    ends = [_iso(row[column]) for column in ("start_date", "end_date")]
    first, last = ends[0], ends[1] or ends[0]
    if last is not None and (first is None or first > last):
        raise DomainError(N_("Sluttdatoen kommer før startdatoen, eller startdatoen mangler."))
    if named and first and (first, last) != (named[0], named[-1]):
        said = {"first": first, "last": last, "text": row["dates_text"]}
        raise DomainError(N_("Datoene %(first)s og %(last)s stemmer ikke med «%(text)s»."), **said)
    days = named or sorted({day for day in (first, last) if day is not None})
    if days and year not in {day.year for day in days}:
        raise DomainError(N_("«%(text)s» er ikke i %(year)d."), text=row["dates_text"] or first, year=year)
    return tuple(days)


def _iso(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError(N_("«%(text)s» er ikke en dato på formen 2025-03-18."), text=text) from None

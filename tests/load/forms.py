"""Forms as they stand in pages, and what a hostile hand puts into them. Everything follows from the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from urllib.parse import urlencode, urljoin, urlsplit

BOUNDARY = "----hostile"
WILD = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202egnp.exe",
    "\ud7ff\uffff",
    "🏳️‍🌈" * 50,
    "é" * 5000,
    "A" * 60_000,
    "-1",
    "0",
    "00000000000000000001",
    "2147483648",
    "9" * 400,
    "1e999",
    "NaN",
    "-9223372036854775809",
    "1.5",
    "१२३",
    "²",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "2027-02-30",
    "2027-13-01",
    "0001-01-01",
    "25:61",
    "23:59:60",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% for x in () %}",
    "%(name)s %s %d",
    "{navn}{lenke}{ukjent}{",
    "' OR '1'='1",
    "'; DROP TABLE registration; --",
    "1) UNION SELECT password_hash FROM user_account --",
    "%' ESCAPE '",
    '=HYPERLINK("http://evil.example.com")',
    "../../../../etc/passwd",
    "..%2f..%2fetc",
    "file:///etc/passwd",
    "http://evil.example.com/",
    "//evil.example.com",
    "/\\evil.example.com",
    "javascript:alert(1)",
    "a@b\r\nBcc: victim@example.org",
    "kari@nord.example.org\nX: y",
    "a@[127.0.0.1]",
    "a" * 250 + "@example.org",
    "å@å.no",
    "true",
    "null",
    "[]",
    "{}",
    "on",
    "y",
    "\r\n",
    "\t",
    "\u2028",
    "\ufeff",
    "\u0000\ufdd0",
)
"""Values that no honest person types."""


@dataclass
class Form:
    """One form of one page: where it goes and what it would send as it stands."""

    page: str
    action: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the forms of a page that are sent by POST."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self.here = page, list[Form](), None
        self.select, self.area = "", ""

    here: Form | None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.page, told.get("action", "")))
            self.here = Form(
                page=self.page,
                action=action.path + (f"?{action.query}" if action.query else ""),
                multipart=told.get("enctype") == "multipart/form-data",
            )
            if told.get("method", "get").lower() == "post":
                self.found.append(self.here)
        elif self.here is not None:
            self._field(self.here, tag, told)

    def _field(self, form: Form, tag: str, told: dict[str, str]) -> None:
        name = told.get("name", "")
        if tag == "option" and self.select:
            form.choices.setdefault(self.select, []).append(told.get("value", ""))
            if "selected" in told:
                form.fields.append((self.select, told.get("value", "")))
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            form.fields.append((name, ""))
        elif name and told.get("type") == "file":
            form.files.append(name)
        elif name and tag in {"input", "button"}:
            value = told.get("value", "")
            form.choices.setdefault(name, []).append(value)
            if told.get("type") not in {"radio", "checkbox"} or "checked" in told:
                form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self.area and self.here is not None:
            name, before = self.here.fields[-1]
            self.here.fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def forms_in(page: str, text: str) -> list[Form]:
    """Every form of a page that is sent by POST."""
    reader = _Reader(page)
    reader.feed(text)
    return reader.found


def body_of(form: Form, chance: Random, *, honest_token: bool) -> tuple[bytes, str]:
    """What is sent in a form, and of which kind it says it is."""
    sent: list[tuple[str, str]] = []
    for name, value in [*form.fields, *((name, chance.choice(values)) for name, values in form.choices.items())]:
        if name == "csrf_token":
            if honest_token and name not in dict(sent):
                sent.append((name, value))
            continue
        match chance.randrange(10):
            case 0 | 1 | 2 | 3:
                sent.append((name, value))
            case 4 | 5 | 6 | 7:
                sent.append((name, chance.choice(WILD)))
            case 8:
                sent += [(name, chance.choice(WILD)), (name, value), (f"{name}[]", value), (f"{name}[0][x]", value)]
            case _:
                pass  # left out
    if not honest_token and chance.random() < 0.5:
        sent.append(("csrf_token", chance.choice([*WILD, "IjEyMyI.aaaaaa.bbbbbb"])))
    if chance.random() < 0.1:
        sent += [(chance.choice(WILD)[:200], chance.choice(WILD)) for _ in range(chance.randrange(300))]
    if form.multipart or chance.random() < 0.1:
        return _multipart(form, sent, chance), f"multipart/form-data; boundary={BOUNDARY}"
    return urlencode(sent, errors="surrogatepass").encode(), "application/x-www-form-urlencoded"


def _multipart(form: Form, sent: list[tuple[str, str]], chance: Random) -> bytes:
    parts = []
    for name, value in sent:
        safe = name.replace('"', "%22").replace("\r", "").replace("\n", "")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{safe}"\r\n\r\n'
        parts.append((head + value).encode("utf-8", "surrogatepass"))
    for name in form.files or ["file"]:
        file = chance.choice(["liste.xlsx", "../../x.csv", "a\x00.pdf", "", "con.txt", "x" * 300 + ".docx"])
        content = chance.choice([b"", b"PK\x03\x04", b"Navn;E-post\nA;a@b.no", bytes(range(256)) * 20, b"%PDF-1.7"])
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        parts.append(head.encode() + b"Content-Type: text/html\r\n\r\n" + content)
    ending = chance.choice([f"--{BOUNDARY}--\r\n", f"--{BOUNDARY}", ""])
    return b"\r\n".join(parts) + b"\r\n" + ending.encode()

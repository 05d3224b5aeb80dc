"""The access table: what every kind of visitor gets at every address. A new address fails until it stands here.

A row has a letter for each of `access.KINDS`: y is let in, l is sent to the log-in, n finds nothing (404).
"""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask

from courseapp.app import create_app
from courseapp.config import ROOT, Settings
from tests.house.access import KINDS, routes

FILE = ROOT / "docs" / "access.md"
WORDS = {"y": "yes", "l": "log in", "n": "404"}

PUBLIC = "yyyyyyyyyy"
HER_OWN = "nynnnnnnnn"
"""With the secret in her own letters, or the code of her room."""

LEADS = "nnynnnnnnn"
BROWSER = "nnnnnnnnnn"
"""Only the browser that has just signed up, who has a link to choose a password by, and who comes from a municipality's
log-in that is set up; none of these visitors is."""

HALF_WAY = "llllllllll"
"""Only who has just shown a right password, and has not got in yet."""

NOT_HERS = "lllnnnnnnn"
"""Another's log-in, and new codes for somebody without a second factor."""

ADMINISTERS = "lllnnnnnyy"
"""Administrators, about users of their offices."""

EVERY_DESK = "lllyyyyyyy"
"""Everybody who has logged in, about her own."""

READS = "lllynnyyyy"
"""Members of the responsible office and of partners: persons stand there."""

READS_HERE = "lllynnnyyy"
ORGANIZES = "lllnnnyyyy"
DECIDES = "lllnnnnyyy"
"""Organizers of the responsible office alone."""

ORGANIZES_SOMEWHERE = "lllnnyyyyy"
"""Organizers, each for her own office."""

MEMBERS = "lllynyyyyy"
FIGURES = "lllyynnyyy"
"""Counts without names: the office's own members, and the country's."""

COUNTRY = "lllnynnnny"

ROWS: dict[str, dict[str, dict[str, str]]] = {
    PUBLIC: {
        "GET": {
            "": "asset",
            "office.auth": "log_in",
            "office.help": "index page",
            "office.passwords": "forgotten",
            "operations": "figures healthz readyz",
            "public.about": "accessibility privacy",
            "public.certificates": "find show",
            "public.events": "calendar index session_calendar show",
            "public.links": "find",
            "public.listing": "as_atom as_json",
            "public.registrations": "sign_up",
        },
        "POST": {
            "office.auth": "log_in log_out",
            "office.passwords": "forgotten",
            "public.certificates": "find show",
            "public.links": "find",
            "public.registrations": "sign_up",
        },
    },
    HER_OWN: {
        "GET": {
            "public.check_in": "show",
            "public.evaluation": "answer",
            "public.feeds": "private",
            "public.my_data": "as_json show",
            "public.my_registration": "cancel certificate change feed move session_calendar show",
        },
        "POST": {
            "public.check_in": "show",
            "public.evaluation": "answer",
            "public.my_data": "erase",
            "public.my_registration": "accept arrive cancel change decline feed move wait_on",
        },
    },
    LEADS: {
        "GET": {
            "leader.attendance": "session today",
            "leader.courses": "evaluation feed index kitchen show",
        },
        "POST": {
            "leader.attendance": "everyone mark undo_everyone",
            "leader.courses": "feed",
        },
    },
    BROWSER: {
        "GET": {
            "office.oidc": "answer begin",
            "office.passwords": "choose",
            "public.registrations": "correct_address receipt",
        },
        "POST": {
            "office.passwords": "choose",
            "public.registrations": "correct_address",
        },
    },
    HALF_WAY: {
        "GET": {
            "office.auth": "code set_up",
        },
        "POST": {
            "office.auth": "code set_up",
        },
    },
    NOT_HERS: {
        "POST": {
            "office.account": "codes end",
        },
    },
    ADMINISTERS: {
        "GET": {
            "office.users": "index invite role show",
        },
        "POST": {
            "office.users": "close end_sessions invite remove_role reopen reset_factor role send_again",
        },
    },
    EVERY_DESK: {
        "GET": {
            "office.account": "app codes confirm index",
            "office.activities": "index",
            "office.dashboard": "show",
            "office.events": "index",
            "office.feeds": "mine",
            "office.link_list": "show",
            "office.reports": "index",
            "office.standards": "index",
        },
        "POST": {
            "office.account": "app begin_app confirm end_others",
            "office.feeds": "mine",
        },
    },
    READS: {
        "GET": {
            "office.attendance": "code hours index session",
            "office.certificates": "every index one",
            "office.evaluation": "results",
            "office.groups": "show",
            "office.kitchen": "show",
            "office.leaders": "assign",
            "office.messages": "index show",
            "office.overview": "letter letter_html preview show",
            "office.papers": "door_sign index name_tags people sign_in",
            "office.participants": "as_csv as_xlsx export person table",
            "office.standards": "of_event",
        },
        "POST": {
            "office.participants": "export",
        },
    },
    READS_HERE: {
        "GET": {
            "office.figures": "behind",
            "office.leaders": "show",
            "office.series": "show",
        },
    },
    ORGANIZES: {
        "GET": {
            "office.applications": "decide index person rules",
            "office.attendance": "drop_in heads options",
            "office.certificates": "replace revoke",
            "office.changes": "call_off edit tell",
            "office.groups": "clear divide",
            "office.line": "person seats",
            "office.messages": "edit file files letter_html preview write",
            "office.papers": "archive",
            "office.people_import": "columns trial upload",
            "office.planning": "copy",
            "office.roster": "add address edit",
            "office.standards": "add_for_event edit_for_event",
        },
        "POST": {
            "office.applications": "decide person rules",
            "office.attendance": "drop_in everyone heads hours mark options take_back take_in undo_everyone",
            "office.certificates": "index replace revoke",
            "office.changes": "call_off edit tell",
            "office.evaluation": "results",
            "office.groups": "change clear divide move place",
            "office.leaders": "assign",
            "office.line": "person seats",
            "office.messages": "delete edit files preview remove_file resend resend_failed write",
            "office.participants": "settle_reply",
            "office.people_import": "columns drop trial upload",
            "office.roster": "add address edit new_link",
            "office.standards": "add_for_event edit_for_event remove_for_event",
        },
    },
    DECIDES: {
        "GET": {
            "office.activities": "edit remove",
            "office.leaders": "edit",
            "office.overview": "delete",
            "office.reports": "heads row",
            "office.series": "delete_drafts repeat repeat_activity",
            "office.standards": "add edit",
        },
        "POST": {
            "office.activities": "copy edit remove",
            "office.doubles": "fetch_back settle",
            "office.leaders": "bring_back close_feed close_link dissolve edit retire send_feed send_link",
            "office.overview": "delete show",
            "office.privacy": "answer",
            "office.reports": "heads row take_back",
            "office.series": "delete_drafts leave repeat repeat_activity show",
            "office.standards": "add edit remove",
        },
    },
    ORGANIZES_SOMEWHERE: {
        "GET": {
            "office.activities": "add paste",
            "office.leaders": "add pair",
            "office.planning": "kinds new",
            "office.privacy": "index look_up",
        },
        "POST": {
            "office.activities": "add paste",
            "office.leaders": "add pair",
            "office.planning": "new",
            "office.privacy": "as_json erase look_up",
        },
    },
    MEMBERS: {
        "GET": {
            "office.leaders": "index",
        },
    },
    FIGURES: {
        "GET": {
            "office.figures": "file show",
            "office.reports": "as_csv as_docx as_xlsx show",
        },
    },
    COUNTRY: {
        "GET": {
            "office.figures": "country country_file",
        },
    },
}


def declared() -> dict[tuple[str, str], str]:
    """The row of every method and endpoint."""
    return {
        (method, f"{room}.{verb}".lstrip(".")): row
        for row, methods in ROWS.items()
        for method, rooms in methods.items()
        for room, verbs in rooms.items()
        for verb in verbs.split()
    }


def as_markdown(app: Flask) -> str:
    """The table as a file."""
    rows = declared()
    lines = [
        f"| `{_as_read(rule.rule)}` | {method} | {' | '.join(WORDS[one] for one in rows[method, rule.endpoint])} |"
        for method, rule in sorted(routes(app), key=lambda one: (one[1].rule, one[0]))
    ]
    head = [f"| address | | {' | '.join(KINDS)} |", f"|---|---|{'---|' * len(KINDS)}"]
    return HEAD + "\n".join([*head, *lines]) + "\n"


HEAD = """# Who gets in where

Made from the route map by `python -m tests.house.access_table`; `tests/house/test_access_table.py` walks every line
as every visitor, with real things of an office that is lived in, and fails where an answer differs or an address is
missing.

*yes*: the page, the file, or a sentence that says what was wrong with the form. *log in*: 303 to the log-in. *404*: as
if it were not there; what is not yours does not exist. The event is one of the office *nord*, shared with *midt*;
secrets in an address are those of its participant or leader, and forged for everybody else. The receipt belongs to the
browser that has just signed up, which is none of these. `/postkasse` and `/kontor/stil` exist in the
demo only; `/metrics` is told on the
machine itself only, where these visitors sit.

"""


def _as_read(rule: str) -> str:
    """Without what bounds its numbers, which says nothing about access."""
    for bound in ("int(max=2147483647):", "int(max=9999):", "any(docx,xlsx,csv):", "path:"):
        rule = rule.replace(bound, "")
    return rule


if __name__ == "__main__":
    secret = {"COURSEAPP_SECRET_KEY": "x" * 16, "COURSEAPP_DATA_DIR": str(Path(sys.argv[1] if sys.argv[1:] else "."))}
    FILE.write_text(as_markdown(create_app(Settings.from_env(secret))), encoding="utf-8")

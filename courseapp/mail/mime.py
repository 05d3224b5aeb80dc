"""A Letter as it goes over the wire: a tree every mail client can read, and the same bytes every time."""

import base64
import hashlib
import re
from datetime import UTC
from email.charset import BASE64, QP, Charset
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from urllib.parse import quote

from courseapp.domain.attachments import Attachment
from courseapp.domain.mailbox import Mailbox, is_plain_address
from courseapp.mail.letter import CalendarPart, Letter

# 78 would give encoded words of 76 characters, and RFC 2047 section 2 allows 75.
_LINE_LENGTH = 76
# The older policy on purpose: the newer ones fold encoded words so that long Norwegian subjects come out damaged
# (python/cpython#144156).
_WIRE = compat32.clone(linesep="\r\n", max_line_length=_LINE_LENGTH)

_UTF8 = Charset("utf-8")
_UTF8.header_encoding = BASE64
_UTF8.body_encoding = QP  # seven bits and short lines, so that no server on the way has to rewrite anything

_LINE_BREAK = re.compile("\r\n?")
_NOT_IN_BODY = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NOT_IN_HEADER = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_IDS = re.compile("<[!-;=?-~]+@[!-;=?-~]+>(?: <[!-;=?-~]+@[!-;=?-~]+>)*")
_SHORT_NAME = 60
_PLAIN_FILENAME = re.compile("[A-Za-z0-9._-]{1,60}")
_MIME_TYPE = re.compile("[a-z]+/[A-Za-z0-9.+-]+")
_PIECE = 50  # of a file's name, so that each line stays short


class BadHeader(ValueError):
    """An address, an id, a date or a file's type that cannot stand in a header."""


def message(letter: Letter) -> Message:
    """The letter as a message; BadHeader if an address, an id, the date or a file's type is not fit for it.

    Names and the subject are cleaned of control characters instead: people may write what they like there.
    """
    words = _words(letter)
    files: list[Message] = [_file(one) for one in letter.attachments]
    if letter.calendar is not None:
        words.attach(_calendar(letter.calendar))  # last: clients show the last form they understand
        files.append(_attachment(letter.calendar))
    whole = words
    if files:
        whole = MIMEMultipart("mixed", boundary=_boundary(letter, "mixed"), policy=_WIRE)
        for part in (words, *files):
            whole.attach(part)
    for name, value in _headers(letter).items():
        whole[name] = value
    return whole


def wire_bytes(letter: Letter) -> bytes:
    """The exact bytes for the server, lines ending in CRLF; the same for the same letter. Raises as message() does."""
    return message(letter).as_bytes(policy=_WIRE)


def _headers(letter: Letter) -> dict[str, str]:
    if letter.date.tzinfo is None:
        raise BadHeader(f"the date must be aware, not {letter.date!r}")
    headers: dict[str, str] = {
        "From": _mailbox(letter.sender),
        "To": _mailbox(letter.to),
        "Subject": _encoded(_one_line(letter.subject), header="Subject"),
        "Date": format_datetime(letter.date.astimezone(UTC)),
        "Message-ID": _ids(letter.message_id),
        "Auto-Submitted": "auto-generated",  # RFC 3834 section 5
        "X-Auto-Response-Suppress": "OOF, AutoReply",  # not All: that would drop the bounces too
    }
    if letter.reply_to is not None:
        headers["Reply-To"] = _mailbox(letter.reply_to)
    if letter.references is not None:
        headers["References"] = _ids(letter.references)
    return headers


def _mailbox(mailbox: Mailbox) -> str:
    """The mailbox as it stands in From or To; a name that is not plain ASCII becomes encoded words."""
    if not is_plain_address(mailbox.email):
        raise BadHeader(f"not a mail address: {mailbox.email!r}")
    name = _one_line(mailbox.name)
    # A name that looks like an encoded word would be decoded by the reader's program, so it is encoded too;
    # so is a long one, because one without spaces could not be folded at all.
    if not name.isascii() or "=?" in name or len(name) > _SHORT_NAME:
        name = _encoded(name, header="Reply-To")  # the longest of the three it may stand in
    return formataddr((name, mailbox.email))


def _encoded(text: str, *, header: str) -> str:
    """The whole text as encoded words of at most 75 characters (RFC 2047 section 2), a space between them."""
    return Header(text, _UTF8, header_name=header, maxlinelen=_LINE_LENGTH).encode().replace("\n", "")


def _one_line(text: str) -> str:
    return _NOT_IN_HEADER.sub(" ", text).strip()


def _ids(ids: str) -> str:
    if not _IDS.fullmatch(ids):
        raise BadHeader(f"not a message id in angle brackets: {ids!r}")
    return ids


def _boundary(letter: Letter, part: str) -> str:
    # From the Message-ID, so that a second try is the same message. "=_" occurs in no quoted-printable or base64 text.
    return "=_" + hashlib.sha256(f"{part} {letter.message_id}".encode()).hexdigest()[:32]


def _words(letter: Letter) -> MIMEMultipart:
    words = MIMEMultipart("alternative", boundary=_boundary(letter, "alternative"), policy=_WIRE)
    for subtype, body in (("plain", letter.text), ("html", letter.html)):
        words.attach(_text(_NOT_IN_BODY.sub("", _LINE_BREAK.sub("\n", body)), subtype))
    return words


def _text(body: str, subtype: str, **parameters: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype, charset="utf-8", policy=_WIRE, **parameters)
    part.set_payload(body, charset=_UTF8)
    return part


def _calendar(calendar: CalendarPart) -> MIMENonMultipart:
    """The part that mail clients act on; without a Content-Disposition, which hides it in some."""
    body = calendar.ics.decode().replace("\r\n", "\n")  # the wire puts the CRLF back
    return _text(body, "calendar", method=calendar.method, component="VEVENT")


def _attachment(calendar: CalendarPart) -> MIMEApplication:
    """The same bytes as a file to open by hand."""
    filename = {"REQUEST": "invite.ics", "CANCEL": "cancel.ics"}[calendar.method]
    attached = MIMEApplication(calendar.ics, "ics", name=filename, policy=_WIRE)
    attached.add_header("Content-Disposition", "attachment", filename=filename)
    return attached


def _file(attached: Attachment) -> MIMEBase:
    """A file to keep, its name in both headers: older clients look for it in the first."""
    if not _MIME_TYPE.fullmatch(attached.content_type):
        raise BadHeader(f"not a type of content: {attached.content_type!r}")
    main, _, sub = attached.content_type.partition("/")
    part = MIMEBase(main, sub, policy=_WIRE)
    part.set_payload(base64.encodebytes(attached.content).decode("ascii"))
    del part["MIME-Version"]
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = "; ".join(["attachment", *_named("filename", attached.name)])
    part.replace_header("Content-Type", "; ".join([attached.content_type, *_named("name", attached.name)]))
    return part


def _named(parameter: str, name: str) -> list[str]:
    """A parameter that holds a file's name: as it is where it is plain, else RFC 2231, in pieces where it is long."""
    name = _one_line(name)
    if _PLAIN_FILENAME.fullmatch(name):
        return [f'{parameter}="{name}"']
    text = quote(name, safe="")
    if len(text) <= _PIECE:
        return [f"{parameter}*=utf-8''{text}"]
    pieces = re.findall(f"(?:%..|[^%]){{1,{_PIECE // 3}}}", text)
    return [f"{parameter}*{at}*={'utf-8' + chr(39) * 2 if at == 0 else ''}{piece}" for at, piece in enumerate(pieces)]

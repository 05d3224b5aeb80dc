"""Settings: read once from the environment, checked, frozen. The only reader of os.environ."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from courseapp.oidc_settings import OidcProvider, providers
from courseapp.settings_reader import Reader, SettingsError, wrong

ROOT = Path(__file__).resolve().parent.parent

__all__ = ["ROOT", "ImapSettings", "MailSettings", "Settings", "SettingsError"]


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """Where mail goes. Without a server each letter becomes a file under the data folder."""

    server: str | None
    port: int
    username: str | None
    password: str | None
    use_tls: bool
    use_ssl: bool
    sender: str


@dataclass(frozen=True, kw_only=True)
class ImapSettings:
    """The mailbox that calendar answers come to."""

    host: str
    port: int
    username: str
    password: str
    folder: str
    use_ssl: bool


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and the next."""

    database_url: str
    secret_keys: tuple[str, ...]
    base_url: str
    data_dir: Path
    mail: MailSettings
    replies: ImapSettings | None
    demo: bool
    web_workers: int
    web_threads: int
    trusted_proxies: int
    more_hosts: tuple[str, ...]
    sign_up_limit: tuple[int, int] | None
    oidc: tuple[OidcProvider, ...]

    @property
    def domain(self) -> str:
        """Host of the base address: right side of Message-IDs and calendar UIDs, never an IP address or localhost."""
        host = urlsplit(self.base_url).hostname or ""
        return host if "." in host and not host[-1].isdigit() else "courseapp.invalid"

    @property
    def hosts(self) -> frozenset[str]:
        """Names that requests may call this server by, without port: the base address', and those of the settings."""
        own = urlsplit(self.base_url).hostname or ""
        return frozenset({own, *self.more_hosts, *(("127.0.0.1", "localhost") if self.demo else ())})

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read and check every setting, or raise SettingsError naming the first that is wrong."""
        read = Reader(environ)
        demo = read.flag("DEMO", default=False)
        data_dir = Path(read.text("DATA_DIR", default=str(ROOT / "instance"))).absolute()
        base_url = read.checked(
            "BASE_URL", _base_url, default="http://127.0.0.1:5000", allowed="an http or https address"
        )
        return cls(
            database_url=read.checked(
                "DATABASE_URL",
                _database_url,
                default=f"sqlite:///{data_dir / 'courseapp.db'}",
                allowed="sqlite:///… or postgresql+psycopg://…",
            ),
            secret_keys=_secret_keys(read, demo=demo, data_dir=data_dir),
            base_url=base_url,
            data_dir=data_dir,
            mail=_mail(read),
            replies=_replies(read),
            demo=demo,
            web_workers=read.count("WEB_WORKERS", default=2, least=1, most=64),
            web_threads=read.count("WEB_THREADS", default=4, least=1, most=64),
            trusted_proxies=read.count("TRUSTED_PROXIES", default=0, least=0, most=5),
            more_hosts=read.checked("MORE_HOSTS", _hosts, default="", allowed="names of hosts, comma between them"),
            sign_up_limit=read.checked(
                "SIGN_UP_LIMIT_PER_IP", _limit, default="600/minute", allowed="off, or N/second, N/minute or N/hour"
            ),
            oidc=providers(read),
        )


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(value)
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(value)
    return value


def _hosts(value: str) -> tuple[str, ...]:
    names = tuple(name for one in value.split(",") if (name := one.strip().lower()))
    if any(not all(sign.isascii() and (sign.isalnum() or sign in "-.") for sign in name) for name in names):
        raise ValueError(value)
    return names


def _limit(value: str) -> tuple[int, int] | None:
    """«600/minute» as (600, 60 seconds); «off» as None."""
    if value.lower() == "off":
        return None
    amount, _, unit = value.partition("/")
    seconds = {"second": 1, "minute": 60, "hour": 3600}.get(unit)
    if seconds is None or not amount.isdigit() or int(amount) < 1:
        raise ValueError(value)
    return int(amount), seconds


def _address(value: str) -> str:
    local, _, host = value.partition("@")
    if not local or "." not in host or not value.isascii() or any(sign in value for sign in " <>,;\r\n"):
        raise ValueError(value)
    return value


def _mail(read: Reader) -> MailSettings:
    use_tls, use_ssl = read.flag("MAIL_USE_TLS", default=False), read.flag("MAIL_USE_SSL", default=False)
    if use_tls and use_ssl:
        raise wrong("MAIL_USE_SSL", "1", "only one of COURSEAPP_MAIL_USE_TLS and COURSEAPP_MAIL_USE_SSL")
    return MailSettings(
        server=read.optional("MAIL_SERVER"),
        port=read.count("MAIL_PORT", default=465 if use_ssl else 587 if use_tls else 25, least=1, most=65535),
        username=read.optional("MAIL_USERNAME"),
        password=read.optional("MAIL_PASSWORD"),
        use_tls=use_tls,
        use_ssl=use_ssl,
        sender=read.checked("MAIL_FROM", _address, default="kurs@alis.example.org", allowed="a bare e-mail address"),
    )


def _replies(read: Reader) -> ImapSettings | None:
    """None without a host. Passwords go over TLS, or to a server on this machine."""
    host = read.optional("REPLIES_IMAP_HOST")
    use_ssl = read.flag("REPLIES_IMAP_USE_SSL", default=True)
    if host is None:
        return None
    if any(sign.isspace() or not sign.isprintable() or sign in "/@" for sign in host):
        raise wrong("REPLIES_IMAP_HOST", host, "the name of a server")
    if not use_ssl and host not in {"localhost", "127.0.0.1", "::1"}:
        raise wrong("REPLIES_IMAP_USE_SSL", "0", "1, or 0 for a server on this machine")
    return ImapSettings(
        host=host,
        port=read.count("REPLIES_IMAP_PORT", default=993 if use_ssl else 143, least=1, most=65535),
        username=read.checked("REPLIES_IMAP_USERNAME", _log_in_name, default="", allowed="a name without spaces"),
        password=_imap_password(read),
        folder=read.checked(
            "REPLIES_IMAP_FOLDER", _folder, default="INBOX", allowed="a folder's name in plain letters"
        ),
        use_ssl=use_ssl,
    )


def _imap_password(read: Reader) -> str:
    value = read.optional("REPLIES_IMAP_PASSWORD") or ""
    if not value or not _plain(value):
        raise wrong("REPLIES_IMAP_PASSWORD", "***" if value else "", "a password in plain letters and signs")
    return value


def _plain(value: str) -> bool:
    """Printable ASCII only, as the protocol wants without further arts."""
    return value.isascii() and value.isprintable()


def _log_in_name(value: str) -> str:
    if not value or not _plain(value) or any(sign in value for sign in ' "\\(){}%*'):
        raise ValueError(value)
    return value


def _folder(value: str) -> str:
    if not _plain(value) or any(sign in value for sign in '"\\%*&'):
        raise ValueError(value)
    return value


def _secret_keys(read: Reader, *, demo: bool, data_dir: Path) -> tuple[str, ...]:
    """The signing key first, then those that are still believed (rotation)."""
    current = read.optional("SECRET_KEY")
    if current is None and demo:
        current = _kept_key(data_dir / "secret_key")
    if current is None or len(current) < 16:
        raise wrong("SECRET_KEY", "too short" if current else "", "a secret of at least 16 characters")
    fallbacks = (read.optional("SECRET_KEY_FALLBACKS") or "").split(",")
    return (current, *(key.strip() for key in fallbacks if key.strip()))


def _kept_key(file: Path) -> str:
    """The demo's own key, made at the first start and kept, so links in old mails go on working."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="ascii") as fresh:
            file.chmod(0o600)
            fresh.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii")

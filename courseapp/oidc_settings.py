"""Settings of the log-in providers, one for each municipality that has one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from courseapp.settings_reader import Reader, wrong

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class OidcProvider:
    """An OpenID provider. It is believed about addresses of its own `domains`, and about nobody else's."""

    name: str
    issuer: str
    client_id: str
    client_secret: str
    label: str
    domains: frozenset[str]


def providers(read: Reader) -> tuple[OidcProvider, ...]:
    """Those that OIDC_PROVIDERS names; raises SettingsError for one that lacks something."""
    names = read.checked("OIDC_PROVIDERS", _names, default="", allowed="short names in small letters, comma between")
    found = tuple(_provider(read, name) for name in names)
    if len({one.issuer for one in found}) < len(found):
        raise wrong("OIDC_PROVIDERS", ",".join(names), "providers that each have an issuer of their own")
    return found


def secure_address(value: str) -> str:
    """An https address, or one of this machine; ValueError for anything else."""
    parts = urlsplit(value)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not secure or not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(value)
    return value


def _provider(read: Reader, name: str) -> OidcProvider:
    prefix = f"OIDC_{name.upper()}"
    return OidcProvider(
        name=name,
        issuer=read.checked(
            f"{prefix}_ISSUER", secure_address, default="", allowed="the https address of the provider, as it writes it"
        ),
        client_id=read.checked(f"{prefix}_CLIENT_ID", _filled, default="", allowed="what the provider calls us"),
        client_secret=_secret(read, f"{prefix}_CLIENT_SECRET"),
        label=read.checked(f"{prefix}_LABEL", _filled, default="", allowed="a name for the button, as Oslo kommune"),
        domains=read.checked(
            f"{prefix}_DOMAINS", _domains, default="", allowed="the domains of its e-mail addresses, comma between"
        ),
    )


def _names(value: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if len(set(names)) < len(names) or any(not re.fullmatch(r"[a-z][a-z0-9]{0,19}", name) for name in names):
        raise ValueError(value)
    return names


def _filled(value: str) -> str:
    if not value or not value.isprintable():
        raise ValueError(value)
    return value


def _secret(read: Reader, name: str) -> str:
    """Never repeated in the sentence about it."""
    value = read.optional(name)
    if value is None:
        raise wrong(name, "", "the secret that the provider gave us")
    return value


def _domains(value: str) -> frozenset[str]:
    domains = [part.strip().lower() for part in value.split(",") if part.strip()]
    if not domains or any(not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in domains):
        raise ValueError(value)
    return frozenset(domains)

"""A bad setting stops the start and is named; a good one is understood."""

from pathlib import Path

import pytest

from courseapp.config import Settings, SettingsError

GOOD = {"COURSEAPP_SECRET_KEY": "x" * 16}

BAD = [
    ("COURSEAPP_DATABASE_URL", "mysql://x"),
    ("COURSEAPP_DATABASE_URL", "postgresql://x"),
    ("COURSEAPP_SECRET_KEY", "short"),
    ("COURSEAPP_SECRET_KEY", ""),
    ("COURSEAPP_BASE_URL", "kurs.example.org"),
    ("COURSEAPP_BASE_URL", "ftp://kurs.example.org"),
    ("COURSEAPP_MAIL_PORT", "0"),
    ("COURSEAPP_MAIL_PORT", "smtp"),
    ("COURSEAPP_MAIL_PORT", "70000"),
    ("COURSEAPP_MAIL_USE_TLS", "maybe"),
    ("COURSEAPP_MAIL_FROM", "Kurs <kurs@example.org>"),
    ("COURSEAPP_MAIL_FROM", "kurs"),
    ("COURSEAPP_REPLIES_IMAP_HOST", "imaps://post.example.org"),
    ("COURSEAPP_REPLIES_IMAP_HOST", "to ord"),
    ("COURSEAPP_REPLIES_IMAP_USE_SSL", "maybe"),
    ("COURSEAPP_DEMO", "yes"),
    ("COURSEAPP_WEB_WORKERS", "0"),
    ("COURSEAPP_WEB_THREADS", "-1"),
    ("COURSEAPP_TRUSTED_PROXIES", "many"),
    ("COURSEAPP_MORE_HOSTS", "http://kurs.example.org"),
    ("COURSEAPP_MORE_HOSTS", "kurs.example.org:80"),
    ("COURSEAPP_SIGN_UP_LIMIT_PER_IP", "600"),
    ("COURSEAPP_SIGN_UP_LIMIT_PER_IP", "0/minute"),
    ("COURSEAPP_SIGN_UP_LIMIT_PER_IP", "5/day"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is .*; allowed: ") as refusal:
        Settings.from_env({**GOOD, name: value})
    assert str(refusal.value).endswith(".")


def test_two_kinds_of_tls_at_once_are_refused() -> None:
    with pytest.raises(SettingsError, match="COURSEAPP_MAIL_USE_SSL"):
        Settings.from_env({**GOOD, "COURSEAPP_MAIL_USE_TLS": "1", "COURSEAPP_MAIL_USE_SSL": "1"})


IMAP = {
    **GOOD,
    "COURSEAPP_REPLIES_IMAP_HOST": "post.example.org",
    "COURSEAPP_REPLIES_IMAP_USERNAME": "svar@example.org",
    "COURSEAPP_REPLIES_IMAP_PASSWORD": 'a "b\\c d',
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "imap"),
        ("PORT", "0"),
        ("USERNAME", ""),
        ("USERNAME", "to ord"),
        ("USERNAME", 'a"b'),
        ("PASSWORD", ""),
        ("PASSWORD", "pæssord"),
        ("FOLDER", "Søppel"),
        ("FOLDER", 'a"b'),
        ("USE_SSL", "0"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_by_name(name: str, value: str) -> None:
    setting = f"COURSEAPP_REPLIES_IMAP_{name}"
    with pytest.raises(SettingsError, match=f"^{setting} is .*; allowed: ") as refusal:
        Settings.from_env({**IMAP, setting: value})
    assert "pæssord" not in str(refusal.value)


def test_a_mailbox_is_read_over_tls_unless_it_is_on_this_machine() -> None:
    far = Settings.from_env(IMAP).replies
    near = Settings.from_env(
        {**IMAP, "COURSEAPP_REPLIES_IMAP_HOST": "127.0.0.1", "COURSEAPP_REPLIES_IMAP_USE_SSL": "0"}
    ).replies
    assert far is not None
    assert near is not None
    assert (far.port, far.use_ssl, far.folder, far.password) == (993, True, "INBOX", 'a "b\\c d')
    assert (near.port, near.use_ssl, Settings.from_env(GOOD).replies) == (143, False, None)


OSLO = {
    **GOOD,
    "COURSEAPP_OIDC_PROVIDERS": "oslo",
    "COURSEAPP_OIDC_OSLO_ISSUER": "https://login.example.org/oslo/v2.0",
    "COURSEAPP_OIDC_OSLO_CLIENT_ID": "courseapp",
    "COURSEAPP_OIDC_OSLO_CLIENT_SECRET": "a secret of theirs",
    "COURSEAPP_OIDC_OSLO_LABEL": "Oslo kommune",
    "COURSEAPP_OIDC_OSLO_DOMAINS": "oslo.example.org, Bydel.Oslo.example.org",
}


def test_a_log_in_provider_is_understood() -> None:
    (oslo,) = Settings.from_env(OSLO).oidc
    assert [oslo.name, oslo.issuer, oslo.label] == ["oslo", "https://login.example.org/oslo/v2.0", "Oslo kommune"]
    assert oslo.domains == {"oslo.example.org", "bydel.oslo.example.org"}
    assert Settings.from_env(GOOD).oidc == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROVIDERS", "Oslo!"),
        ("PROVIDERS", "oslo,oslo"),
        ("PROVIDERS", "oslo,nord"),
        ("OSLO_ISSUER", ""),
        ("OSLO_ISSUER", "http://login.example.org"),
        ("OSLO_ISSUER", "https://login.example.org/?x=1"),
        ("OSLO_ISSUER", "https://user:secret@login.example.org"),
        ("OSLO_CLIENT_ID", ""),
        ("OSLO_CLIENT_SECRET", ""),
        ("OSLO_LABEL", ""),
        ("OSLO_DOMAINS", ""),
        ("OSLO_DOMAINS", "@oslo.example.org"),
        ("OSLO_DOMAINS", "no"),
    ],
)
def test_a_provider_that_lacks_something_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=r"^COURSEAPP_OIDC_\w+ is .*; allowed: "):
        Settings.from_env({**OSLO, f"COURSEAPP_OIDC_{name}": value})


def test_two_providers_have_two_issuers() -> None:
    twin = {name.replace("_OSLO_", "_NORD_"): value for name, value in OSLO.items()}
    with pytest.raises(SettingsError, match="COURSEAPP_OIDC_PROVIDERS"):
        Settings.from_env({**OSLO, **twin, "COURSEAPP_OIDC_PROVIDERS": "oslo,nord"})


def test_what_is_left_out_has_a_sensible_value(tmp_path: Path) -> None:
    made = Settings.from_env({**GOOD, "COURSEAPP_DATA_DIR": str(tmp_path)})
    assert (made.database_url, made.demo, made.web_workers, made.web_threads, made.trusted_proxies) == (
        f"sqlite:///{tmp_path}/courseapp.db",
        False,
        2,
        4,
        0,
    )
    assert (made.sign_up_limit, made.mail.server, made.mail.port) == ((600, 60), None, 25)


def test_limits_can_be_read_and_turned_off() -> None:
    limits = [
        Settings.from_env({**GOOD, "COURSEAPP_SIGN_UP_LIMIT_PER_IP": value}).sign_up_limit
        for value in ("off", "5/second", "7/hour")
    ]
    assert limits == [None, (5, 1), (7, 3600)]


def test_the_demo_makes_a_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    environ = {"COURSEAPP_DEMO": "1", "COURSEAPP_DATA_DIR": str(tmp_path)}
    first, second = Settings.from_env(environ), Settings.from_env(environ)
    assert first.secret_keys == second.secret_keys
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_earlier_keys_are_believed_after_the_newest() -> None:
    made = Settings.from_env({**GOOD, "COURSEAPP_SECRET_KEY_FALLBACKS": "old one, older one"})
    assert made.secret_keys == ("x" * 16, "old one", "older one")


@pytest.mark.parametrize(
    ("base", "domain"),
    [
        ("https://kurs.example.org/", "kurs.example.org"),
        ("http://127.0.0.1:5000", "courseapp.invalid"),
        ("http://localhost", "courseapp.invalid"),
    ],
)
def test_message_ids_get_the_host_of_the_base_address(base: str, domain: str) -> None:
    assert Settings.from_env({**GOOD, "COURSEAPP_BASE_URL": base}).domain == domain

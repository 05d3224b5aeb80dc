"""Browsers in words, codes as they are typed, addresses a provider is believed about, passwords that will not do."""

import pytest

from courseapp.domain import passwords
from courseapp.domain.logging_in import Claims, believed_address, described, in_groups, recovery_code, six_digits

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36": "Chrome, Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0": "Edge, Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0": "Firefox, Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15": "Safari, Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1": "Safari, iPhone",
    "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36": "Chrome, Android",
    "curl/8.0": "",
    "": "",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert described(agent) == words


def test_codes_as_people_type_them() -> None:
    assert [six_digits(" 123 456 "), six_digits("12345"), six_digits("\u0661\u0662\u0663\u0664\u0665\u0666")] == [
        "123456",
        None,
        None,
    ]
    assert [recovery_code("abcd-efgh ijkl-2345"), recovery_code("abcd"), recovery_code("ABCDEFGHIJKL0189")] == [
        "ABCDEFGHIJKL2345",
        None,
        None,
    ]
    assert in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"


@pytest.mark.parametrize(
    ("email", "verified", "found"),
    [
        ("Kari@Oslo.example.org", True, "kari@oslo.example.org"),
        ("kari@oslo.example.org", None, "kari@oslo.example.org"),
        ("kari@oslo.example.org", False, None),
        ("kari@nord.example.org", True, None),
        ("kari@ond.oslo.example.org", True, None),
        ("kari@nord.example.org@oslo.example.org", True, "kari@nord.example.org@oslo.example.org"),
        ("@oslo.example.org", True, None),
        ("", True, None),
    ],
)
def test_a_provider_is_believed_about_its_own_domains_alone(
    email: str, verified: bool | None, found: str | None
) -> None:
    claims = Claims(issuer="https://x", subject="1", email=email, email_verified=verified, authenticated_at=None)
    assert believed_address(claims, frozenset({"oslo.example.org"})) == found


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elleve tegn", passwords.TOO_SHORT),
        ("x" * 201, passwords.TOO_LONG),
        ("Kari Nordmann", passwords.OWN),
        ("kari.nordmann", passwords.OWN),
        ("kari.nordmann@nord.example.org", passwords.OWN),
        ("passord-12345", passwords.COMMON),
        ("Sommeren 2027", passwords.COMMON),
        ("abababababab", passwords.COMMON),
        ("riktig hest batteri stift", None),
        ("æøå æøå æøå æøå", passwords.COMMON),
        ("tolv tegn ja", None),
    ],
)
def test_passwords_that_are_guessed_first_will_not_do(password: str, why: str | None) -> None:
    assert passwords.weakness(password, email="kari.nordmann@nord.example.org", name="Kari Nordmann") == why

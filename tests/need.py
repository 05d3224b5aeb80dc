"""What a test needs from the machine it runs on."""

import os

import pytest


def need(condition: object, what: str) -> None:
    """Skip visibly where something is missing, and fail where everything must be there (CI is set)."""
    if condition:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must have it", pytrace=False)
    pytest.skip(f"{what} is missing")

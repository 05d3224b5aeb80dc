"""Every table, so that one import makes the metadata whole (migrations, tests)."""

from courseapp.models import (
    account,
    attendance,
    calendar,
    certificate,
    evaluation,
    event,
    group,
    journal,
    message,
    office,
    person,
    privacy,
    registration,
    report,
    series,
    upload,
)

ALL = (
    account,
    attendance,
    calendar,
    certificate,
    evaluation,
    event,
    group,
    journal,
    message,
    office,
    person,
    privacy,
    registration,
    report,
    series,
    upload,
)

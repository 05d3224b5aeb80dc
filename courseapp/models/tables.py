"""Every table, so that one import makes the metadata whole (migrations, tests)."""

from courseapp.models import account, event, journal, office, person, registration

ALL = (account, event, journal, office, person, registration)

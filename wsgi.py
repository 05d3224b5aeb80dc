"""The door for gunicorn and the flask command."""

import gc
import sys

from courseapp import logs
from courseapp.app import create_app
from courseapp.config import Settings, SettingsError

logs.configure()
try:
    app = create_app(Settings.from_env())
except SettingsError as wrong:
    sys.exit(f"courseapp kan ikke starte / cannot start: {wrong}")

# What is here now stays: let no collection look at it again, nor copy memory that it shares with other processes.
gc.collect()
gc.freeze()

"""The worker's door: `flask --app wsgi worker` becomes this program, which holds no pages."""

import gc
import sys

from courseapp import logs, worker
from courseapp.config import Settings, SettingsError
from courseapp.ground import lay


def main() -> None:
    """Work until told to stop."""
    logs.configure()
    try:
        settings = Settings.from_env()
    except SettingsError as wrong:
        sys.exit(f"courseapp kan ikke starte / cannot start: {wrong}")
    app = lay(settings)
    gc.collect()
    gc.freeze()  # what is here now stays: let no collection look at it again
    worker.run_forever(app, settings)


if __name__ == "__main__":
    main()

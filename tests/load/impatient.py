"""The same application, but it waits for a turn of SQLite, and for a mail server, only as long as a test can."""

from courseapp import db, worker
from courseapp.app import create_app
from courseapp.config import Settings

db.SQLITE_BUSY_SECONDS = 1
worker.SMTP_TIMEOUT_SECONDS = 1
app = create_app(Settings.from_env())

if __name__ == "__main__":
    worker.run_forever(app, Settings.from_env())

"""khal, a calendar program people use, with a calendar of its own: no home folder, no network, nothing left behind."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.calendar_files import oracles
from tests.need import need

CONFIG = """[calendars]
[[kurs]]
path = {folder}/kurs
[locale]
local_timezone = Europe/Oslo
default_timezone = Europe/Oslo
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""
SHOWN = "{start-date} {start-time}–{end-time} {title}, {location}"


class Khal:
    """One person's calendar."""

    def __init__(self, folder: Path) -> None:
        need(shutil.which("khal"), "khal")
        self.folder = folder
        (folder / "kurs").mkdir(parents=True)
        (folder / "config").write_text(CONFIG.format(folder=folder), encoding="utf-8")

    def take(self, ics: bytes) -> None:
        """What a client does with an iTIP message (RFC 5546 3.2): a REQUEST is put in, a CANCEL takes its UID out."""
        facts = {line.partition(":")[0]: line.partition(":")[2] for line in oracles.lines(ics)}
        known = [file for file in (self.folder / "kurs").iterdir() if facts["UID"] in file.read_text(encoding="utf-8")]
        if facts["METHOD"] == "REQUEST":
            message = self.folder / "message.ics"
            message.write_bytes(ics)
            self._run("import", "--batch", "-a", "kurs", str(message))
            return
        (entry,) = known  # khal itself ignores METHOD:CANCEL, so the client around it does what the method says
        entry.unlink()

    def days(self) -> list[str]:
        """The whole year as khal shows it, one line a meeting."""
        return self._run("list", "-a", "kurs", "-df", "", "-f", SHOWN, "2027-01-01", "365d").splitlines()

    def _run(self, *arguments: str) -> str:
        home = {name: str(self.folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        done = subprocess.run(
            ["khal", "-c", str(self.folder / "config"), *arguments],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Europe/Oslo", **home},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

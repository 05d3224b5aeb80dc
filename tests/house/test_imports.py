"""Which room may import which: the contracts of pyproject.toml hold, and one that is broken would be seen."""

import subprocess
import sys
from pathlib import Path

from courseapp.config import ROOT

LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Import-linter's verdict on a tree."""
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=100)


def test_every_room_imports_only_what_it_may() -> None:
    verdict = lint(ROOT)
    assert (verdict.returncode, ", 0 broken." in verdict.stdout) == (0, True), verdict.stdout[-3000:]


def test_a_broken_rule_is_seen(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "courseapp"):
        (tmp_path / name).symlink_to(ROOT / name)
    copy = tmp_path / "tree"
    subprocess.run(["cp", "-rL", str(tmp_path / "courseapp"), str(copy)], check=True)
    (tmp_path / "courseapp").unlink()
    copy.rename(tmp_path / "courseapp")
    rule = tmp_path / "courseapp/domain/names.py"
    rule.write_text(f"import flask\n{rule.read_text(encoding='utf-8')}", encoding="utf-8")
    assert lint(tmp_path).returncode == 1

"""The house stays as it was drawn: one home for each thing, sizes a person can read, templates where endpoints say."""

import ast
import re
from pathlib import Path

import pytest

from courseapp.config import ROOT

MODULES = sorted((ROOT / "courseapp").rglob("*.py"))
TESTS = sorted(file for file in (ROOT / "tests").rglob("*.py") if "vendor" not in file.parts)
PAGES = sorted(
    file for file in (ROOT / "templates").rglob("*.html") if "mail" not in file.relative_to(ROOT / "templates").parts
)
ONE_IMPORTER = {
    "flask_mail": {"mail/postman.py"},
    "icalendar": {"calendar/invite.py", "calendar/feed.py", "calendar/reply.py", "calendar/timezone.py"},
    "docx": {"documents/docx_writer.py"},
    "xlsxwriter": {"documents/xlsx.py"},
    "openpyxl": {"documents/reading.py"},
    "defusedxml": {"documents/reading.py"},
    "typst": {"documents/pdf.py"},
    "segno": {"documents/qr.py"},
    "prometheus_client": {"metrics.py"},
    "imaplib": {"mail/imap.py"},
    "argon2": {"services/passwords.py"},
    "authlib": {"oidc_client.py"},
    "joserfc": {"oidc_client.py"},
    "requests": {"oidc_client.py"},
    "cryptography": {"sealing.py"},
    "pyotp": {"services/second_factor.py"},
    "os": {"config.py", "serve.py", "backup.py", "cli.py"},
}


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def name(file: Path) -> str:
    return str(file.relative_to(ROOT / "courseapp"))


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_a_module_is_short_enough_to_read(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("file", TESTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_test_file_is_short_enough_to_read(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_a_function_is_short_enough_to_see_at_once(file: Path) -> None:
    functions = [one for one in ast.walk(tree(file)) if isinstance(one, ast.FunctionDef)]
    long = [
        (one.name, one.end_lineno - one.lineno + 1)
        for one in functions
        if one.end_lineno and one.end_lineno - one.lineno >= 30
    ]
    allowed = LONG_ON_PURPOSE.get(name(file), ())
    assert [one for one in long if one[0] not in allowed] == []


LONG_ON_PURPOSE: dict[str, tuple[str, ...]] = {
    "queries/events.py": ("as_page",),  # one fact a line
    "queries/participants.py": ("table",),  # one fact a line
    "mail/outbox.py": ("put",),  # one fact a line
    "queries/yearly_facts.py": ("facts",),  # one fact a line
    "ground.py": ("_flask_settings",),  # one setting a line
}


@pytest.mark.parametrize(("package", "homes"), ONE_IMPORTER.items())
def test_a_library_has_one_home(package: str, homes: set[str]) -> None:
    found = set()
    for file in MODULES:
        for node in ast.walk(tree(file)):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            if any(one == package or one.startswith(package + ".") for one in names):
                found.add(name(file))
    assert found == homes


def test_only_the_clock_reads_the_clock() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    assert [name(file) for file in MODULES if pattern.search(file.read_text(encoding="utf-8"))] == ["clock.py"]


def test_package_markers_are_empty() -> None:
    assert [
        name(file) for file in MODULES if file.name == "__init__.py" and file.read_text(encoding="utf-8").strip()
    ] == []


def test_nothing_is_left_for_later() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    left = [name(file) for file in MODULES if pattern.search(file.read_text(encoding="utf-8"))]
    left += [str(file) for file in PAGES if pattern.search(file.read_text(encoding="utf-8"))]
    assert left == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT / "templates")))
def test_a_template_has_no_style_or_script_of_its_own(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert (
        re.findall(
            r"<style|\sstyle=|\son[a-z]+=\"|<script(?! type=\"application/ld\+json\">{{ [a-z_]+\|tojson }}</script>)(?![^>]*\bsrc=)|javascript:|https?://(?!www\.openstreetmap\.org/search)[^\s\"'<]+\"\s*(?:rel=\"stylesheet\")",
            text,
        )
        == []
    )


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT / "templates")))
def test_what_people_read_is_marked_for_translation(file: Path) -> None:
    """Between tags there are letters only inside an expression."""
    text = re.sub(r"{#.*?#}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"{%-? *trans .*?endtrans *-?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(svg)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"{% block main_attrs %}.*?{% endblock %}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    bare = [piece.strip() for piece in re.findall(r">([^<>]*)<", text)]
    allowed = {"ALIS og SamLIS", "Subject", "Message-ID", "HTML"}
    assert [piece for piece in bare if re.search(r"[A-Za-zæøåÆØÅ]{2,}", piece) and piece not in allowed] == []


def test_the_locks_name_no_address() -> None:
    locks = "".join(
        (ROOT / lock).read_text(encoding="utf-8") for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert (re.findall(r"https?://|file:", locks), "--hash=sha256:" in locks) == ([], True)


def test_vendored_files_keep_their_licences() -> None:
    listed = (ROOT / "static/vendor/README.md").read_text(encoding="utf-8")
    folders = [folder for folder in (ROOT / "static/vendor").iterdir() if folder.is_dir()]
    assert folders != []
    for folder in folders:
        assert folder.name in listed.lower()
        assert [file for file in folder.iterdir() if "licen" in file.name.lower() or file.name == "OFL.txt"] != []

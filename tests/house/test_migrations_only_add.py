"""The version before serves while a migration runs, so a migration only adds; taking away is a release of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from courseapp.config import ROOT

SINCE = "0019"
MIGRATIONS = sorted(
    file for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py") if file.name.partition("_")[0] >= SINCE
)
TAKES_AWAY = {"drop_table", "drop_column", "rename_table"}
# Another order of letters is no other type.
IN_SQL = re.compile(
    r"\bDROP\s+(?:TABLE|COLUMN)\b|\bRENAME\b|\bSET\s+NOT\s+NULL\b|\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE\b(?!\s+VARCHAR\s+COLLATE\b)",
    re.IGNORECASE,
)
ADDS = re.compile(r"\bADD\s+COLUMN\b[^;]*", re.IGNORECASE)


def offences(source: str) -> list[str]:
    """What in a migration the version before could not live with; nothing in one that says `contract = True`."""
    module = ast.parse(source)
    if any(isinstance(one, ast.Assign) and ast.unparse(one) == "contract = True" for one in module.body):
        return []
    steps = [one for one in module.body if not (isinstance(one, ast.FunctionDef) and one.name == "downgrade")]
    return [said for step in steps for node in ast.walk(step) for said in _of(node)]


def _of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _of_call(node, node.func.attr)
    text = _sql(node)
    if (found := IN_SQL.search(text)) is not None:
        yield found[0]
    for added in ADDS.findall(text):
        if re.search(r"\bNOT\s+NULL\b", added, re.IGNORECASE) and not re.search(r"\bDEFAULT\b", added, re.IGNORECASE):
            yield added


def _of_call(call: ast.Call, name: str) -> Iterator[str]:
    given = {one.arg: ast.unparse(one.value) for one in call.keywords}
    if name in TAKES_AWAY:
        yield name
    if name == "alter_column" and (given.keys() & {"new_column_name", "type_"} or given.get("nullable") == "False"):
        yield ast.unparse(call)
    if name == "add_column":
        yield from (
            ast.unparse(one) for one in call.args if "nullable=False" in ast.unparse(one) and not _has_default(one)
        )


def _has_default(column: ast.expr) -> bool:
    return isinstance(column, ast.Call) and any(one.arg == "server_default" for one in column.keywords)


def _sql(node: ast.AST) -> str:
    """The words of a string that is handed to the database, whatever is filled into it."""
    if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(("execute", "text", "exec_driver_sql")):
        return ""
    strings = [one for one in node.args if isinstance(one, ast.Constant | ast.JoinedStr | ast.BinOp)]
    parts = [one for string in strings for one in ast.walk(string) if isinstance(one, ast.Constant)]
    return " ".join(str(one.value) for one in parts)


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: file.stem)
def test_a_migration_only_adds(file: Path) -> None:
    assert offences(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "step",
    [
        'op.drop_column("event", "title")',
        'op.drop_table("event")',
        'op.rename_table("event", "happening")',
        'op.alter_column("event", "title", new_column_name="name")',
        'op.alter_column("event", "title", nullable=False)',
        'op.alter_column("event", "title", type_=sa.Text())',
        'op.add_column("event", sa.Column("x", sa.String(), nullable=False))',
        'op.execute("ALTER TABLE event ADD COLUMN x VARCHAR(40) NOT NULL")',
        'op.execute(f"ALTER TABLE {table} DROP COLUMN x")',
        'op.execute("ALTER TABLE event RENAME COLUMN x TO y")',
        'op.execute("ALTER TABLE event ALTER COLUMN x SET NOT NULL")',
        'op.get_bind().execute(sa.text("ALTER TABLE event ALTER COLUMN x TYPE TEXT"))',
        'with op.batch_alter_table("event") as batch:\n        batch.drop_column("x")',
    ],
)
def test_what_takes_away_is_found(step: str) -> None:
    source = f"def upgrade():\n    {step}\n"
    assert len(offences(source)) == 1
    assert offences(f"contract = True\n{source}") == []
    assert offences(source.replace("upgrade", "downgrade")) == []


@pytest.mark.parametrize(
    "step",
    [
        'op.add_column("event", sa.Column("x", sa.String()))',
        'op.add_column("event", sa.Column("x", sa.String(), nullable=False, server_default=""))',
        "op.execute(\"ALTER TABLE event ADD COLUMN x VARCHAR(40) DEFAULT '' NOT NULL\")",
        'op.create_table("thing", sa.Column("x", sa.String(), nullable=False))',
        'op.create_index("ix_x", "event", ["x"])',
        'op.drop_index("ix_x", table_name="event")',
    ],
)
def test_what_adds_may_stand(step: str) -> None:
    assert offences(f"def upgrade():\n    {step}\n") == []

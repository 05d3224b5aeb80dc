"""Migrations on both databases: from empty, with rows, down again; and the newest equals the models."""

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, inspect, select

from courseapp.config import ROOT
from courseapp.db import Base, db
from courseapp.models.office import District, Office
from courseapp.services import registrations
from tests.conftest import migrated
from tests.letters import all_letters
from tests.letters import registrations as rows
from tests.making import make_event, wish

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))


def test_the_newest_migration_equals_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1


def test_a_new_database_has_the_six_offices_and_their_districts(app: Flask) -> None:
    found = db.session.execute(
        select(Office.slug, func.count(District.id))
        .outerjoin(District)
        .group_by(Office.id, Office.slug)
        .order_by(Office.id)
    ).all()
    assert [tuple(row) for row in found] == [
        ("nord", 3),
        ("midt", 2),
        ("vest", 2),
        ("ost", 3),
        ("sor", 4),
        ("oslo", 18),
    ]


def test_migrating_again_changes_nothing_and_loses_no_row(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    before = [one.email for one in rows()]
    db.session.rollback()
    migrated(app)
    assert [one.email for one in rows()] == before == ["kare1@lege.example.org"]


@pytest.mark.parametrize("revision", [one.revision for one in SCRIPTS.walk_revisions()][1:])
def test_every_earlier_database_comes_forward_with_its_rows(app: Flask, revision: str) -> None:
    event = make_event(capacity=1)
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    before = [(one.email, one.status, one.line_no) for one in rows()]
    letters = [(one.subject, one.text, one.html, one.ics) for one in all_letters()]
    db.session.rollback()
    try:
        flask_migrate.downgrade(revision=revision)
    finally:
        db.engine.dispose()
        migrated(app)
    assert [(one.email, one.status, one.line_no) for one in rows()] == before
    assert [(one.subject, one.text, one.html, one.ics) for one in all_letters()] == letters


def test_down_and_up_again(app: Flask) -> None:
    db.session.rollback()
    try:
        flask_migrate.downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    finally:
        db.engine.dispose()
        migrated(app)
    assert set(inspect(db.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}

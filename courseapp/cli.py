"""Commands, as thin as pages."""

from __future__ import annotations

import os
import smtplib
import socket
import sys
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from courseapp import cli_backup, cli_data, cli_replies, clock
from courseapp import worker as loop
from courseapp.config import ROOT, Settings
from courseapp.domain.access import UserRole
from courseapp.domain.errors import DomainError
from courseapp.queries import health
from courseapp.services import accounts, second_factor
from courseapp.services import users as inviting

users = AppGroup("users", help="Users of the organizers' pages.")


def attach(app: Flask) -> None:
    """Add every command to `flask`."""
    for command in (worker, doctor, users, *cli_data.COMMANDS, *cli_replies.COMMANDS, *cli_backup.COMMANDS):
        app.cli.add_command(command)


def settings() -> Settings:
    """The running application's settings."""
    found = current_app.extensions["courseapp.settings"]
    assert isinstance(found, Settings)
    return found


@click.command()
@click.option("--once", is_flag=True, help="Deliver what is due now, tidy, and stop.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Deliver letters and clear away what has expired."""
    if once:
        socket.setdefaulttimeout(loop.SMTP_TIMEOUT_SECONDS)  # Flask-Mail sets none
        click.echo(f"{loop.run_once(settings())} letters taken up")
        return
    # It lives for months and shows no page: the same process begins anew with what letters and jobs need, and no more.
    os.execv(sys.executable, [sys.executable, str(ROOT / "worker.py")])  # noqa: S606 - our own program


@users.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--office", help="Slug of the office; leave out for a reader or administrator of all six.")
@click.option("--role", type=click.Choice([role.value for role in UserRole]), required=True)
@click.password_option(help="Asked for when left out; at least 12 characters.")
def create(*, email: str, name: str, office: str | None, role: str, password: str) -> None:
    """Make a user with one membership."""
    try:
        accounts.create_user(email=email, name=name, password=password, office=office, role=UserRole(role))
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{email}: {role}, {office or 'alle kontor'}")


@users.command("invite")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--office", help="Slug of the office; leave out for a reader or administrator of all six.")
@click.option("--role", type=click.Choice([role.value for role in UserRole]), required=True)
def invite(*, email: str, name: str, office: str | None, role: str) -> None:
    """Let somebody in: she gets a link by mail and chooses a password herself."""
    wish = inviting.InvitationWish(email=email, name=name, role=UserRole(role), office=office)
    try:
        inviting.invite(wish, actor=None)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{email}: {role}, {office or 'alle kontor'}")


@users.command("reset-factor")
@click.argument("email")
def reset_factor(*, email: str) -> None:
    """Take a user's second factor away; she is told, logged out, and sets up another at her next log-in."""
    try:
        second_factor.reset_by_command(accounts.address_key(email))
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{email}: totrinnsinnloggingen er nullstilt")


@click.command()
@with_appcontext
def doctor() -> None:
    """Check settings, database, mail and clock, and say how to mend what is wrong; exit status 1 when something is."""
    found = [*health.check(clock.now(), migrations=str(current_app.extensions["migrate"].directory)), *_own_checks()]
    for one in found:
        click.echo(f"{'ok  ' if one.ok else 'FEIL'}  {one.name}: {one.said}")
    sys.exit(0 if all(one.ok for one in found) else 1)


def _own_checks() -> list[health.Check]:
    now = settings()
    return [
        health.Check(
            "base address",
            ok=now.demo or now.base_url.startswith("https://"),
            said=f"{now.base_url}; links in mail begin so. Set COURSEAPP_BASE_URL to the public https address",
        ),
        health.Check(
            "demo mode",
            ok=True,
            said="on: letters lie open at /postkasse; never in production" if now.demo else "off",
        ),
        _mail_check(now),
        health.Check("clock", ok=clock.now().utcoffset() == timedelta(0), said=f"{clock.now():%Y-%m-%d %H:%M:%S} UTC"),
    ]


def _mail_check(now: Settings) -> health.Check:
    """Whether the server speaks; nothing is sent."""
    mail = now.mail
    if mail.server is None:
        return health.Check("mail", ok=now.demo, said=f"written to {loop.mail_folder(now)}; set COURSEAPP_MAIL_SERVER")
    try:
        kind = smtplib.SMTP_SSL if mail.use_ssl else smtplib.SMTP
        with kind(mail.server, mail.port, timeout=5) as line:
            line.noop()
    except (OSError, smtplib.SMTPException) as problem:
        said = f"{mail.server}:{mail.port} does not answer ({problem}); check COURSEAPP_MAIL_SERVER and _MAIL_PORT"
        return health.Check("mail", ok=False, said=said)
    return health.Check("mail", ok=True, said=f"{mail.server}:{mail.port} answers; letters come from {mail.sender}")

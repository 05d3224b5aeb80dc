"""Assembly only: doors, error pages, filters and commands, upon what `ground` lays."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from courseapp import cli, oidc, template_words
from courseapp.config import ROOT, Settings
from courseapp.db import db
from courseapp.ground import SETTINGS, lay
from courseapp.web import assets, errors, icons, language, municipalities, security
from courseapp.web.doors import doors

__all__ = ["SETTINGS", "create_app"]


def create_app(settings: Settings) -> Flask:
    """The whole application for one set of settings; no request is answered before the database can be reached."""
    app = lay(settings, locale_selector=language.select)
    app.extensions[oidc.EXTENSION] = _providers(settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(template_words.FILTERS)
    app.jinja_env.globals.update(template_words.GLOBALS)
    _attach(app)
    for door in doors(demo=settings.demo, letters_open=settings.demo and settings.mail.server is None):
        app.register_blueprint(door)
    cli.attach(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _providers(settings: Settings) -> oidc.Providers:
    if not settings.oidc:
        return oidc.Nobody()
    from courseapp import oidc_client  # 10 MiB, for those who have a provider

    return oidc_client.Client(settings.oidc)


def _attach(app: Flask) -> None:
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    language.attach(app)
    assets.attach(app)
    icons.attach(app)
    municipalities.attach(app)
    security.attach(app)
    errors.attach(app)

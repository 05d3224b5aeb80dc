"""What web server, commands and worker all stand on: settings, database, letters and links. Assembly only."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_babel import Babel

from courseapp import links, sealing
from courseapp.config import ROOT, Settings
from courseapp.db import attach, db, engine_options, part
from courseapp.mail.postman import mail
from courseapp.models import tables

SETTINGS = "courseapp.settings"


def lay(settings: Settings, *, locale_selector: Callable[[], str | None] | None = None) -> Flask:
    """An application without a door: enough for the worker, and what `create_app` builds upon.

    `locale_selector` says who is reading; without one it is bokmål unless somebody is named.
    """
    app = Flask("courseapp.app", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions[SETTINGS] = settings
    app.extensions[links.EXTENSION] = links.Links(
        base_url=settings.base_url, domain=settings.domain, keys=settings.secret_keys, sender=settings.mail.sender
    )
    app.extensions[sealing.EXTENSION] = sealing.Seal(settings.secret_keys)
    app.config.from_mapping(_flask_settings(settings))
    assert tables.ALL
    db.init_app(app)
    attach(app)
    app.teardown_appcontext(part)  # before Flask-SQLAlchemy's own, which raises where a connection is broken
    mail.init_app(app)
    Babel(
        app,
        default_locale="nb",
        locale_selector=locale_selector,
        default_translation_directories=str(ROOT / "courseapp" / "translations"),
    )
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    secure = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "__Host-courseapp" if secure else "courseapp",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": False,  # the strict check needs a Referer, which our own policy withholds
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_MEMORY_SIZE": 128 * 1024,
        "MAX_FORM_PARTS": 200,
        "MAIL_SERVER": settings.mail.server or "localhost",
        "MAIL_PORT": settings.mail.port,
        "MAIL_USERNAME": settings.mail.username,
        "MAIL_PASSWORD": settings.mail.password,
        "MAIL_USE_TLS": settings.mail.use_tls,
        "MAIL_USE_SSL": settings.mail.use_ssl,
        "MAIL_SUPPRESS_SEND": False,
    }

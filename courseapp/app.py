"""Assembly only: settings, database, doors, error pages, filters, commands."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from courseapp import cli, links, oidc, sealing, template_words
from courseapp.config import ROOT, Settings
from courseapp.db import attach_engine_events, db, engine_options, part
from courseapp.mail.postman import mail
from courseapp.models import tables
from courseapp.web import assets, errors, icons, language, municipalities, security
from courseapp.web.doors import doors

SETTINGS = "courseapp.settings"


def create_app(settings: Settings) -> Flask:
    """The whole application for one set of settings; no request is answered before the database can be reached."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions[SETTINGS] = settings
    app.extensions[links.EXTENSION] = links.Links(
        base_url=settings.base_url, domain=settings.domain, keys=settings.secret_keys, sender=settings.mail.sender
    )
    app.extensions[sealing.EXTENSION] = sealing.Seal(settings.secret_keys)
    app.extensions[oidc.EXTENSION] = oidc.Providers(settings.oidc)
    app.config.from_mapping(_flask_settings(settings))
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


def _attach(app: Flask) -> None:
    assert tables.ALL
    db.init_app(app)
    with app.app_context():
        attach_engine_events(db.engine)
    app.teardown_appcontext(part)  # before Flask-SQLAlchemy's own, which raises where a connection is broken
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    mail.init_app(app)
    Babel(
        app,
        default_locale="nb",
        locale_selector=language.select,
        default_translation_directories=str(ROOT / "courseapp" / "translations"),
    )
    language.attach(app)
    assets.attach(app)
    icons.attach(app)
    municipalities.attach(app)
    security.attach(app)
    errors.attach(app)


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

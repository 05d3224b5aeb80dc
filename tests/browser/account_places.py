"""The pages of getting in, of one's own log-ins, and of the users."""

from __future__ import annotations

from itertools import count

from playwright.sync_api import Page
from pyotp import TOTP
from sqlalchemy import select, update

from courseapp import links
from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.models.account import User
from courseapp.models.journal import OutboxEmail
from courseapp.models.logging_in import UserSession
from courseapp.queries import accounts
from courseapp.services import demo, users
from courseapp.services.users import InvitationWish
from tests.browser.site import Site, enter, real_time
from tests.browser.ways import ERRORS, Place, Way, at, go, refused
from tests.people import PASSWORD, inside, user, with_app

ADMINISTRATOR = demo.DEMO_LOG_INS[3]
_numbers = count(1)


def somebody(site: Site, *, has_app: bool) -> tuple[str, int, TOTP | None]:
    """A user who is none of the demo's own: address, number, telephone."""
    with site.app.app_context():
        email = f"bruker{next(_numbers)}@kommune.example.org"
        number = user(email)
        return email, number, with_app(number) if has_app else None


def second_step(*, has_app: bool, ends: bool = False) -> Way:
    """Right after the password; with `ends`, after the first code as well."""

    def way(page: Page, site: Site) -> None:
        email, _number, _telephone = somebody(site, has_app=has_app)
        go(page, "/kontor/logg-inn")
        page.locator("[name=email]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form[method=post] button[type=submit]").click()
        page.locator("[name=code]").wait_for()
        if ends:
            page.locator("details.more summary").click()
            secret = page.locator(".secret").inner_text().replace(" ", "")
            page.locator("[name=code]").fill(TOTP(secret).now())
            page.locator("main form[method=post] button[type=submit]").click()

    return way


def with_factor(rest: str, *, press: str = "", stale: bool = False) -> Way:
    """A page of a user with a second factor; `press` a button on it; `stale`: she must show who she is again."""

    def way(page: Page, site: Site) -> None:
        _email, number, _telephone = somebody(site, has_app=True)
        with site.app.app_context():
            token = inside(number)
            inside(number)
            if stale:
                with transaction() as tx:
                    mine = UserSession.user_id == number
                    tx.execute(update(UserSession).where(mine).values(confirmed_at=real_time().replace(year=2020)))
            cookie = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]
            enter(page.context, {"courseapp": str(cookie.dumps({"log_in": token}))})
        go(page, f"/kontor{rest}")
        if press:
            page.get_by_role("main").get_by_role("button", name=press).click()

    return way


def invited(page: Page, site: Site) -> None:
    """The page that an invitation leads to."""
    with site.app.app_context():
        boss = accounts.actor(db.session.scalars(select(User.id).where(User.email == ADMINISTRATOR.email)).one())
        email = f"invitert{next(_numbers)}@kommune.example.org"
        wish = InvitationWish(email=email, name="Ny Nilsen", role=UserRole.READER, office="vest")
        users.invite(wish, actor=boss)
        letter = db.session.scalars(select(OutboxEmail.text).where(OutboxEmail.to_email == email)).one()
        address = next(line for line in letter.splitlines() if "/kontor/passord/" in line)
        path = address.removeprefix(links.links().base_url)
    go(page, path)


def administrator(rest: str) -> Way:
    """A page of the demo's administrator."""

    def way(page: Page, site: Site) -> None:
        site.log_in(page.context, ADMINISTRATOR)
        go(page, f"/kontor{rest}")

    return way


def a_colleague(rest: str = "") -> Way:
    """A user as the administrator sees her, with everything that can be done."""

    def way(page: Page, site: Site) -> None:
        _email, number, _telephone = somebody(site, has_app=True)
        with site.app.app_context():
            inside(number)
        administrator(f"/brukere/{number}{rest}")(page, site)

    return way


ACCOUNT_PLACES = (
    Place("the code refused", "office.auth.code", refused(second_step(has_app=True), code="000000"), ERRORS, 422),
    Place("an app to set up", "office.auth.set_up", second_step(has_app=False), "img.qr"),
    Place("an app refused", "office.auth.set_up", refused(second_step(has_app=False), code="12"), ERRORS, 422),
    Place("codes for paper", "office.auth.set_up", second_step(has_app=False, ends=True), ".codes li"),
    Place("my log-ins", "office.account.index", with_factor("/innlogginger"), "tr[data-session]"),
    Place("new codes for paper", "office.account.codes", with_factor("/totrinn/koder"), "main button"),
    Place("new codes shown", "office.account.codes", with_factor("/totrinn/koder", press="Lag ti nye"), ".codes li"),
    Place("another telephone", "office.account.app", with_factor("/innlogginger", press="Bytt telefon"), "img.qr"),
    Place("is it still you", "office.account.confirm", with_factor("/totrinn/koder", stale=True), "[name=code]"),
    Place("a forgotten password", "office.passwords.forgotten", refused(at("/kontor/glemt-passord")), ERRORS, 422),
    Place(
        "a link is sent",
        "office.passwords.forgotten",
        refused(at("/kontor/glemt-passord"), email="ingen@kommune.example.org"),
        "h1",
    ),
    Place("a password refused", "office.passwords.choose", refused(invited, password="for kort"), ERRORS, 422),
    Place("a link that is dead", "office.passwords.choose", at("/kontor/passord/brukt"), "h1", 404),
    Place("the users", "office.users.index", administrator("/brukere"), "tr[data-user]"),
    Place("an invitation refused", "office.users.invite", refused(administrator("/brukere/ny"), name=""), ERRORS, 422),
    Place("a colleague", "office.users.show", a_colleague(), "main button"),
    Place("a colleague's role", "office.users.role", a_colleague("/rolle/nord"), "[name=role]"),
)

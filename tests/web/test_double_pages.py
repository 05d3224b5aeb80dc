"""An activity that two offices both wrote down, on the pages of both."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from courseapp.domain.access import Actor, UserRole
from courseapp.domain.activities import ActivityWish
from courseapp.domain.event import EventKind, ReportTable
from courseapp.services import activities
from tests.pages import Visitor, words
from tests.people import logged_in

FAIR = ActivityWish(
    kind=EventKind.STAND, title="Stand på fagdag", year=2026, table=ReportTable.REGIONAL, when="3. mars", place="Bodø"
)
ADMIN = Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR)
LIST = "/kontor/aktiviteter?ar=2026"


def both(app: Flask) -> tuple[str, str, Visitor, Visitor]:
    nora, ola = logged_in(app), logged_in(app, office="ost")
    mine = activities.add("nord", FAIR, actor=ADMIN)
    return mine, activities.add("ost", replace(FAIR, title="Stand, fagdag"), actor=ADMIN), nora, ola


def test_each_office_reads_what_the_other_wrote(app: Flask) -> None:
    mine, _theirs, nora, ola = both(app)
    told = [words(visitor.get(LIST).all("section", aria_labelledby="doubled")[0]) for visitor in (nora, ola)]
    assert [one.partition(" Vi er")[0] for one in told] == [
        (
            "Skrevet opp av to kontor Øst har også skrevet opp «Stand på fagdag», 3. mars 2026. Da telles "
            "det to ganger. Hos dem heter det «Stand, fagdag»."
        ),
        (
            "Skrevet opp av to kontor Nord har også skrevet opp «Stand, fagdag», 3. mars 2026. Da telles "
            "det to ganger. Hos dem heter det «Stand på fagdag»."
        ),
    ]
    (said,) = nora.get("/kontor/rapport/2026").all("p", data_claim=mine)
    assert words(said).startswith("Øst har også skrevet opp «Stand på fagdag», 3. mars 2026. Gjør den felles")


def test_it_is_settled_and_fetched_back_with_one_button_each(app: Flask) -> None:
    mine, theirs, nora, ola = both(app)
    page = nora.follow(nora.post(f"/kontor/aktiviteter/{mine}/felles?ar=2026", {"rad": theirs}, form_at=LIST))
    assert "Aktiviteten er felles nå." in words(page.one("html"))
    assert [len(one.get(LIST).all("li", data_claim=mine)) for one in (nora, ola)] == [0, 0]
    assert "«Stand, fagdag» hos Øst er satt til side: den er den samme som «Stand på fagdag» hos Nord." in page.text
    page = ola.follow(ola.post(f"/kontor/aktiviteter/{theirs}/hent-fram?ar=2026", form_at=LIST))
    assert "Raden står for seg selv igjen." in words(page.one("html"))
    assert len(page.all("li", data_claim=theirs)) == 1


def test_refusals_are_sentences_and_others_find_nothing(app: Flask) -> None:
    mine, theirs, nora, ola = both(app)
    token = ola.token(LIST)
    closed = ola.ask("POST", f"/kontor/aktiviteter/{mine}/felles", data={"csrf_token": token, "rad": theirs})
    assert closed.status_code == 404
    nora.post(f"/kontor/aktiviteter/{mine}/felles", {"rad": theirs}, form_at=LIST)
    page = nora.follow(nora.post(f"/kontor/aktiviteter/{mine}/felles?ar=2026", {"rad": theirs}, form_at=LIST))
    assert "De to radene er ikke lenger like, eller noen har ordnet det alt." in words(page.one("html"))
    for act in ("felles", "hent-fram"):
        assert nora.ask("POST", f"/kontor/aktiviteter/{mine}/{act}").status_code == 303

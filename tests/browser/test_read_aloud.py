"""What a screen reader is told, in the order in which it is told: the accessibility tree of the pages most read."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import PHONE, Visits
from tests.browser.places import PLACES
from tests.browser.site import Site

DAYS = "mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag"
MONTHS = "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"

A_TITLE = '  - heading "Kurs i individuell veiledning i spesialistutdanningen for leger" [level=#]'

EVENT = """\
  - heading "Kurs i individuell veiledning i spesialistutdanningen for leger" [level=#]
  - region "Tid, sted og påmelding":
    - text: # av # plasser ledige
    - link "Meld deg på":
    - paragraph: Påmeldingsfrist #. MONTH # kl. #.#
    - heading "Når og hvor" [level=#]
    - list:
      - listitem:
        - paragraph:
          - time: DAY #. MONTH #, kl. #.#–#.#
        - paragraph: Bodø, Sjøgata #, # Bodø
        - paragraph:
          - link "Kalenderfil for DAY #. MONTH #":
          - link "Kart til Sjøgata #, # Bodø":
      - listitem:
        - paragraph:
          - time: DAY #. MONTH #, kl. #.#–#.#
        - paragraph: Bodø, Sjøgata #, # Bodø
        - paragraph:
          - link "Kalenderfil for DAY #. MONTH #":
          - link "Kart til Sjøgata #, # Bodø":
  - heading "Om arrangementet" [level=#]
"""

REFUSED = """\
  - heading "Meld deg på" [level=#]
  - alert "Rett opp følgende":
    - heading "Rett opp følgende" [level=#]
    - list:
      - listitem:
        - link "Skriv inn etternavnet ditt.":
      - listitem:
        - link "Skriv inn e-postadressen din.":
      - listitem:
        - link "Velg rollen som passer best for deg i dag.":
      - listitem:
        - link "Skriv inn hvor du arbeider.":
      - listitem:
        - link "Skriv inn kommunen du arbeider i.":
      - listitem:
        - link "HPR-nummer er ett til ni siffer. La feltet stå tomt hvis du ikke har eller ikke husker det.":
      - listitem:
        - link "Kryss av for samtykke, eller fjern det du skrev om mat.":
  - region "Arrangementet":
"""

ABOUT_YOU = """\
  - region "Om deg":
    - heading "Om deg" [level=#]
    - paragraph: Dette bruker vi til å holde av plassen din og skrive til deg om arrangementet.
    - text: Fornavn Må fylles ut
    - textbox "Fornavn Må fylles ut": Åse
    - text: Etternavn Må fylles ut
    - textbox "Etternavn Må fylles ut" [invalid]
    - paragraph: Skriv inn etternavnet ditt.
    - text: E-post Må fylles ut
    - paragraph: Hit sender vi bekreftelse og kalenderinvitasjon.
    - textbox "E-post Må fylles ut" [invalid]
    - paragraph: Skriv inn e-postadressen din.
    - text: Mobilnummer Valgfritt
    - paragraph: Så vi når deg hvis noe endrer seg på kort varsel.
    - textbox "Mobilnummer Valgfritt"
  - region "Rolle og veiledning":
"""

A_CARD = """\
  - heading "Kurs i individuell veiledning i spesialistutdanningen for leger" [level=#]:
    - link "Kurs i individuell veiledning i spesialistutdanningen for leger":
  - list:
    - listitem:
      - paragraph:
        - time: DAY #. MONTH #, kl. #.#–#.#
      - paragraph: Hamar
    - listitem:
      - paragraph:
        - time: DAY #. MONTH #, kl. #.#–#.#
      - paragraph: Hamar
  - paragraph: Fristen er ute
"""

PARTICIPANTS = """\
- table "Har plass":
  - rowgroup:
    - row "Navn Arbeidssted Kommune Andre roller Kontakt Meldt på E-post Merknad":
      - columnheader "Navn"
      - columnheader "Arbeidssted"
      - columnheader "Kommune"
      - columnheader "Andre roller"
      - columnheader "Kontakt"
      - columnheader "Meldt på"
      - columnheader "E-post"
      - columnheader "Merknad"
  - rowgroup:
    - row "Spesialist i allmennmedisin #":
      - rowheader "Spesialist i allmennmedisin #"
"""

A_PERSON = """\
      - rowheader "Dalsrud, Dag":
        - link "Dalsrud, Dag":
      - cell "Arbeidssted Legene ved torget"
      - cell "Kommune Bardu"
      - cell "Kontakt dag.dalsrud@example.org # # # #":
        - text: Kontakt
        - list:
          - listitem:
            - link "dag.dalsrud@example.org":
          - listitem:
            - link "# # # #":
      - cell "Meldt på #.#.#":
        - text: Meldt på
"""


def told(tree: str) -> list[str]:
    """One line for each thing that is said; what moves with the calendar is a sign: «#» a number, DAY, MONTH."""
    lines = [one for one in tree.splitlines() if not one.strip().startswith("- /url:")]
    text = re.sub(rf"\b({DAYS})\b", "DAY", "\n".join(lines).replace("\N{NO-BREAK SPACE}", " "))
    return re.sub(r"\d+", "#", re.sub(rf"\b({MONTHS})\b", "MONTH", text)).splitlines()


@pytest.mark.parametrize(
    ("name", "part", "first", "expected"),
    [
        ("an event with seats", "main", A_TITLE, EVENT),
        ("the form refused", "main", '  - heading "Meld deg på" [level=#]', REFUSED),
        ("the form refused", "main", '  - region "Om deg":', ABOUT_YOU),
        ("the list", "article.pass:has-text('Hamar') >> nth=0", A_TITLE + ":", A_CARD),
        ("participants", "main table >> nth=0", '- table "Har plass":', PARTICIPANTS),
        ("participants", "main table >> nth=0", '      - rowheader "Dalsrud, Dag":', A_PERSON),
    ],
)
def test_it_is_told_so(visit: Visits, site: Site, name: str, part: str, first: str, expected: str) -> None:
    page = visit(PHONE)
    next(place for place in PLACES if place.name == name).go(page, site)
    lines = told(page.locator(part).aria_snapshot())
    start, wanted = lines.index(first), expected.splitlines()
    assert lines[start : start + len(wanted)] == wanted

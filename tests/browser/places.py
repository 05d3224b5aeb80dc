"""Every page of every door, and every state a page can be in that looks different."""

from tests.browser.account_places import ACCOUNT_PLACES
from tests.browser.day_places import DAY_PLACES
from tests.browser.desk_places import DESK_PLACES
from tests.browser.guide_places import GUIDE_PLACES
from tests.browser.message_places import MESSAGE_PLACES
from tests.browser.people_places import PEOPLE_PLACES
from tests.browser.report_places import REPORT_PLACES
from tests.browser.trouble_places import TROUBLE_PLACES
from tests.browser.two_room_places import TWO_ROOM_PLACES
from tests.browser.ways import (
    ERRORS,
    Place,
    at,
    checked,
    desk,
    evaluated,
    event,
    letter,
    mine,
    receipt,
    refused,
)

PUBLIC_PLACES = (
    Place("the list", "public.events.index", at("/"), "article.pass"),
    Place("an empty list", "public.events.index", at("/?office=ost&kind=webinar"), ".empty"),
    Place("an event with seats", "public.events.show", event("Bodø"), "main[data-event]"),
    Place("a full event", "public.events.show", event("Kristiansand"), "main[data-seats-left='0']"),
    Place("an event without a limit", "public.events.show", event("Frogner"), "main[data-seats-left='']"),
    Place("an event past its deadline", "public.events.show", event("Hamar"), "main[data-event]"),
    Place("the long form", "public.registrations.sign_up", event("Legenes hus, Oslo", "/pamelding"), "[name=district]"),
    Place("the short form", "public.registrations.sign_up", event("Frogner", "/pamelding"), "[name=workplace]"),
    Place(
        "the form refused",
        "public.registrations.sign_up",
        refused(event("Legenes hus, Oslo", "/pamelding"), first_name="Åse", hpr_number="tolv", dietary_needs="Nøtter"),
        ERRORS,
        422,
    ),
    Place(
        "a receipt with a seat",
        "public.registrations.receipt",
        receipt("Tromsø", "seat@lege.example.org"),
        "[data-status=registered]",
    ),
    Place(
        "a receipt with a number",
        "public.registrations.receipt",
        receipt("Bergen", "line@lege.example.org"),
        "[data-status=waitlisted]",
    ),
    Place(
        "a receipt of an application",
        "public.registrations.receipt",
        receipt("Stavanger", "applied@lege.example.org"),
        "[data-status=applied]",
    ),
    Place(
        "a wrong address",
        "public.registrations.correct_address",
        refused(receipt("Tromsø", "wrong@lege.example.org", "/adresse"), email="ase"),
        ERRORS,
        422,
    ),
    Place(
        "my seat",
        "public.my_registration.show",
        mine("Bodø", "a-very-long-name.of-somebody.with-many-names@a-long-place-of-work.kommune.example.org"),
        "[data-status=registered]",
    ),
    Place(
        "my place in line",
        "public.my_registration.show",
        mine("Bergen", "mine.line@lege.example.org"),
        "[data-status=waitlisted]",
    ),
    Place(
        "my cancelled registration",
        "public.my_registration.show",
        mine("Tromsø", "gone@lege.example.org", cancelled=True),
        "[data-status=cancelled]",
    ),
    Place(
        "another course to move to",
        "public.my_registration.move",
        mine("Bodø", "move@lege.example.org", "/flytt"),
    ),
    Place(
        "my calendar's new address",
        "public.my_registration.feed",
        refused(mine("Bodø", "feed@lege.example.org", "/kalender")),
        "#feed-address",
    ),
    Place("the office's calendar", "office.feeds.mine", desk("/kalender")),
    Place(
        "my details refused",
        "public.my_registration.change",
        refused(mine("Bodø", "change@lege.example.org", "/endre"), workplace=""),
        ERRORS,
        422,
    ),
    Place(
        "before I cancel",
        "public.my_registration.cancel",
        mine("Tromsø", "cancel@lege.example.org", "/avmeld"),
        "main form[method=post]",
    ),
    Place("find my links", "public.links.find", refused(at("/finn")), ERRORS, 422),
    Place("links are sent", "public.links.find", refused(at("/finn"), email="nobody@lege.example.org"), "h1"),
    Place("check a kursbevis", "public.certificates.find", refused(at("/kursbevis"), number="tolv"), ERRORS, 422),
    Place("a kursbevis that is genuine", "public.certificates.show", checked, "[data-certificate=genuine]"),
    Place(
        "a kursbevis nobody knows", "public.certificates.show", at("/kursbevis/NORD-2020-0001?kode=AAAAAAAA"), "form"
    ),
    Place("what did you think", "public.evaluation.answer", evaluated, "[type=radio]"),
    Place("privacy", "public.about.privacy", at("/personvern")),
    Place("accessibility", "public.about.accessibility", at("/tilgjengelighet")),
    Place("the letter box", "public.postbox.index", at("/postkasse"), "table"),
    Place("a letter", "public.postbox.show", letter("letter@lege.example.org"), "pre a[href*='/min/']"),
    Place("the style page", "office.style.show", at("/kontor/stil"), ".swatches"),
    Place("nothing there", None, at("/finnes/ikke"), "h1", 404),
)
PLACES = (
    *PUBLIC_PLACES,
    *TROUBLE_PLACES,
    *DESK_PLACES,
    *MESSAGE_PLACES,
    *DAY_PLACES,
    *PEOPLE_PLACES,
    *REPORT_PLACES,
    *TWO_ROOM_PLACES,
    *ACCOUNT_PLACES,
    *GUIDE_PLACES,
)

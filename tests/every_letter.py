"""Every letter there is, about one event, in the language spoken."""

from __future__ import annotations

from datetime import datetime, timedelta

from courseapp.db import db
from courseapp.domain.changes import Change, ChangeKind
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.mail import account_letters, leader_links, letters
from courseapp.mail.letter import Letter
from courseapp.queries import events

PROSE = (("Ta med legitimasjon.", "Program: https://kurs.example.org/program"), ("Vi møtes i resepsjonen.",))
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def every_letter(slug: str, now: datetime) -> list[Letter]:
    """One of each occasion; the event has two sessions at least."""
    facts = _facts(slug, now)
    to, sender, office = facts.to, facts.sender, facts.event.office
    one = facts.event.sessions[0]
    leg = letters.Leg(session=one, total=2, video_url="https://video.example.org/kurs", references="<r@example.org>")
    changes = (Change(kind=ChangeKind.TITLE, before="Kurs i veiledning", after=facts.event.title),)
    mine = [letters.MyLink(event=facts.event, status=Status.WAITLISTED, url=facts.link)]
    sent = {"sender": sender, "to": to, "message_id": facts.message_id, "now": now}
    secret, soon = f"{links().base_url}/hemmelig", now + timedelta(hours=48)
    user = account_letters.AccountFacts(
        sender=sender, to=to, log_in_url=f"{links().base_url}/kontor/logg-inn", message_id=facts.message_id, now=now
    )
    return [
        letters.confirmation(facts, ending=PROSE),
        letters.waiting(facts, position=4, kept="Kurs i Tromsø"),
        letters.applied(facts),
        letters.seat_given(facts, accepted=True, ending=PROSE),
        letters.not_given(facts),
        letters.offer(facts, expires_at=soon, kept="Kurs i Tromsø"),
        letters.offer_reminder(facts, expires_at=soon),
        letters.offer_expired(facts),
        letters.declined(facts),
        letters.reminder(facts, session=one, video_url="https://video.example.org/kurs"),
        letters.cancelled(facts),
        letters.moved(facts, to="Kurs i Tromsø"),
        letters.thanks(facts, evaluation_url=secret),
        letters.certificate(facts),
        letters.changed(facts, changes=changes, message="Rommet er større."),
        letters.message(facts, occasion="message", subject="Praktisk informasjon", prose=PROSE, mine=True),
        letters.event_cancelled(facts),
        letters.already_registered(facts, status=Status.WAITLISTED, position=4),
        letters.address_changed(facts),
        letters.new_link(facts),
        letters.invitation(facts, leg, ICS),
        letters.invitation_cancelled(facts, leg, ICS),
        letters.my_links(sender=sender, to=to, links=mine, message_id=facts.message_id, now=now),
        letters.erased(sender=sender, to=to, offices=[office.name], message_id=facts.message_id, now=now),
        letters.leader_assigned(facts, partners=("Odd Nordhammer",)),
        letters.leader_changed(facts, changes=changes, message=""),
        letters.leader_removed(facts),
        letters.leader_event_cancelled(facts),
        letters.leader_invitation(facts, leg, ICS),
        letters.leader_invitation_cancelled(facts, leg, ICS),
        leader_links.leader_feed(office=office, url=secret, **sent),  # type: ignore[arg-type]
        leader_links.leader_link(office=office, url=secret, **sent),  # type: ignore[arg-type]
        account_letters.invited(user, url=secret, expires_at=soon, inviter="Åse Dahl"),
        account_letters.password_link(user, url=secret, expires_at=soon),
        account_letters.password_changed(user),
        account_letters.factor_reset(user, by="Åse Dahl"),
        account_letters.new_device(user, description="Firefox, Windows"),
    ]


def _facts(slug: str, now: datetime) -> letters.Facts:
    found = events.whole(slug)
    assert found is not None
    page = events.as_page(found, events.seats_of(db.session(), [found])[found.id], now)
    return letters.Facts(
        event=page,
        sender=Mailbox(name=page.office.name, email="kurs@alis.example.org"),
        to=Mailbox(name="Kari Ås", email="kari@lege.example.org"),
        first_name="Kari",
        full_name="Kari Ås",
        link=f"{links().base_url}/min/{'hemmelig' * 8}",
        event_url=links().event(page.slug),
        message_id="<letter@kurs.example.org>",
        now=now,
    )

"""Why an event cannot be made, changed or published as it was wished for."""

from __future__ import annotations

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_


class NoTitle(DomainError):
    """People must be able to tell events apart."""

    message = N_("Arrangementet må ha en tittel.")


class WrongStatus(DomainError):
    """A new event is a draft, published, or held already."""

    message = N_("Et nytt arrangement er et utkast, publisert eller gjennomført.")


class WrongCapacity(DomainError):
    """No seats, or more than any hall has."""

    message = N_("Antall plasser må være mellom 1 og 10 000, eller stå tomt.")


class WrongNumber(DomainError):
    """A typed-in number of participants is below zero."""

    message = N_("Antall deltakere kan ikke være mindre enn 0.")


class WrongTimes(DomainError):
    """A session that ends before it starts, or two at the same time."""

    message = N_("Hver samling må slutte etter at den begynner, og før den neste begynner.")


class WrongMinutes(DomainError):
    """Hours of a session are positive, or not given."""

    message = N_("Timetallet for en samling må være større enn 0, eller stå tomt.")


class WrongLink(DomainError):
    """A video link that no browser should be sent to."""

    message = N_("Lenken til videomøtet må begynne med https://.")


class WrongApproval(DomainError):
    """An approval says what it is for, and how many hours."""

    message = N_("En godkjenning må ha tekst og timer.")


class WrongWindow(DomainError):
    """Sign-up opens, then closes, then the event starts."""

    message = N_("Påmeldingen må åpne før den stenger, og stenge før arrangementet begynner.")


class NoSignUpForKind(DomainError):
    """Activities that are only typed in have no public page."""

    message = N_("Denne typen aktivitet kan ikke publiseres for påmelding.")


class SessionsMissing(DomainError):
    """What is published or held as a course takes place at some time."""

    message = N_("Arrangementet må ha minst én samling før det kan publiseres.")


class PlaceMissing(DomainError):
    """People must know where to go."""

    message = N_("Hver samling må ha et sted eller en lenke til videomøte.")


class RoomMissing(DomainError):
    """Some of the people come."""

    message = N_("Når folk kan velge mellom salen og digitalt, må hver samling ha et sted.")


class AlreadyStarted(DomainError):
    """Nobody can sign up for what has begun."""

    message = N_("Arrangementet har allerede begynt og kan ikke publiseres.")


class NotHeldYet(DomainError):
    """What lies ahead has not been held."""

    message = N_("Arrangementet er ikke ferdig ennå og kan ikke stå som gjennomført.")


class WrongHours(DomainError):
    """A veilederkurs is exactly 18 hours."""

    message = N_("Samlingene i et veilederkurs må til sammen gi nøyaktig 18 timer.")


class ApprovalsMissing(DomainError):
    """A veilederkurs counts in two specialties, 18 hours in each."""

    message = N_("Et veilederkurs må ha begge godkjenningene: samfunnsmedisin og allmennmedisin, 18 timer hver.")

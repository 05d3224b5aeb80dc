"""Refusals: one class per reason, with a sentence for the reader."""

from courseapp.domain.marking import N_


class DomainError(Exception):
    """An act was refused; `message` says why, in words for the person who tried.

    It is a marked sentence with `%(name)s` for each of `values`, so that it can be said in any language; as a text the
    error is the sentence in bokmål.
    """

    message: str = N_("Dette går ikke.")

    def __init__(self, message: str | None = None, **values: object) -> None:
        if message is not None:
            self.message = message
        self.values = values
        super().__init__(self.message % values if values else self.message)


class NotFound(DomainError):
    """What was asked for is not there, or not for this reader: the two look the same."""

    message = N_("Vi finner ikke det du ser etter.")


class SignUpClosed(DomainError):
    """The event does not take sign-ups at this moment."""

    message = N_("Påmeldingen er stengt.")


class SignUpNotOpenYet(SignUpClosed):
    """The window opens later."""

    message = N_("Påmeldingen har ikke åpnet ennå.")


class DeadlinePassed(SignUpClosed):
    """The deadline passed, perhaps while the form was being filled in."""

    message = N_("Påmeldingsfristen er ute, så påmeldingen ble ikke sendt.")


class EventCancelled(SignUpClosed):
    """The event will not take place."""

    message = N_("Arrangementet er avlyst.")


class EventStarted(DomainError):
    """Cancelling ends when the event starts."""

    message = N_("Arrangementet har startet. Ta kontakt med kontoret hvis noe skal endres.")


class AlreadyRegistered(DomainError):
    """The address is in use at this event. Told to its owner by mail, never to the stranger on screen."""

    message = N_("Du er allerede påmeldt.")


class MoveNotAllowed(DomainError):
    """The table of moves has no such row."""

    message = N_("Påmeldingen er ikke i en tilstand der dette går.")


class TooManyTries(DomainError):
    """A bounded act was tried too often."""

    message = N_("Det kom for mange forsøk på kort tid. Vent litt og prøv igjen.")


class BoundReached(TooManyTries):
    """The same, by whoever sends from there: nothing of what was sent is looked at."""


class WrongLogIn(DomainError):
    """E-mail, password or both do not match; which one is not said."""

    message = N_("E-postadressen eller passordet stemmer ikke.")


class LogInLapsed(DomainError):
    """A log-in was left half-way for too long, or is over."""

    message = N_("Innloggingen tok for lang tid. Begynn på nytt.")


class WrongCode(DomainError):
    """The code is not one of now, was used before, or is no recovery code of hers; which one is not said."""

    message = N_("Koden stemmer ikke, eller er brukt før. Vent på neste kode i appen og prøv igjen.")


class LinkIsDead(DomainError):
    """A mailed link was used, replaced by a newer one, or is too old."""

    message = N_("Lenken virker ikke lenger.")

"""Bokmål labels of every enum member, and words for what happened."""

from __future__ import annotations

from enum import StrEnum

from courseapp.domain.event import EventKind, EventStatus, FillMode, ReportTable, SeatRule, SignUpState
from courseapp.domain.marking import N_
from courseapp.domain.registration import Reason, Role, Source, Status, Supervises

_TEXTS: tuple[tuple[StrEnum, str], ...] = (
    (EventKind.VEILEDERKURS, N_("Veilederkurs")),
    (EventKind.ALIS_KVELD, N_("ALIS-kveld")),
    (EventKind.ALIS_DAG, N_("ALIS-dag")),
    (EventKind.KURSHOLDERDAG, N_("Kursholderdag")),
    (EventKind.WEBINAR, N_("Webinar")),
    (EventKind.CONFERENCE, N_("Konferanse")),
    (EventKind.DIALOGUE_MEETING, N_("Dialogmøte")),
    (EventKind.STAND, N_("Stand")),
    (EventKind.PRESENTATION, N_("Innlegg hos andre")),
    (EventKind.NEWSLETTER, N_("Nyhetsbrev")),
    (EventKind.FOLLOW_UP, N_("Oppfølging")),
    (EventKind.OTHER, N_("Annen aktivitet")),
    (EventStatus.DRAFT, N_("Utkast")),
    (EventStatus.PUBLISHED, N_("Publisert")),
    (EventStatus.CLOSED, N_("Stengt for påmelding")),
    (EventStatus.CANCELLED, N_("Avlyst")),
    (EventStatus.HELD, N_("Gjennomført")),
    (SeatRule.FIRST_COME, N_("Først til mølla")),
    (SeatRule.APPLICATION, N_("Søknad")),
    (FillMode.CONFIRM, N_("Neste i køen får plassen med en gang")),
    (FillMode.OFFER, N_("Neste i køen får tilbud med svarfrist")),
    (ReportTable.COURSES, N_("4.1 Veilederkurs")),
    (ReportTable.COURSES_TEXT, N_("4.1 Tekst")),
    (ReportTable.REGIONAL, N_("4.2 Regionale aktiviteter")),
    (ReportTable.NATIONAL, N_("4.3 Nasjonale aktiviteter")),
    (SignUpState.OPEN, N_("Ledige plasser")),
    (SignUpState.FEW, N_("Få plasser igjen")),
    (SignUpState.LINE, N_("Fullt – venteliste")),
    (SignUpState.NOT_YET, N_("Påmeldingen har ikke åpnet")),
    (SignUpState.DEADLINE_PASSED, N_("Fristen er ute")),
    (SignUpState.CLOSED, N_("Påmeldingen er stengt")),
    (SignUpState.CANCELLED, N_("Avlyst")),
    (SignUpState.HELD, N_("Gjennomført")),
    (Status.APPLIED, N_("Søknad mottatt")),
    (Status.REGISTERED, N_("Påmeldt")),
    (Status.WAITLISTED, N_("På venteliste")),
    (Status.OFFERED, N_("Har tilbud om plass")),
    (Status.CANCELLED, N_("Avmeldt")),
    (Status.DECLINED, N_("Takket nei")),
    (Role.SPECIALIST_GENERAL_PRACTICE, N_("Spesialist i allmennmedisin")),
    (Role.SPECIALIST_COMMUNITY_MEDICINE, N_("Spesialist i samfunnsmedisin")),
    (Role.OTHER_SPECIALIST, N_("Annen spesialist")),
    (Role.ALIS, N_("ALIS (allmennlege i spesialisering)")),
    (Role.SAMLIS, N_("SamLIS (samfunnsmedisinsk lege i spesialisering)")),
    (Role.LIS1, N_("LIS1")),
    (Role.DOCTOR, N_("Lege uten påbegynt spesialisering")),
    (Role.MEDICAL_STUDENT, N_("Medisinstudent")),
    (Role.NOT_DOCTOR, N_("Ikke lege")),
    (Supervises.LIS1, N_("LIS1")),
    (Supervises.ALIS, N_("ALIS")),
    (Supervises.SAMLIS, N_("SamLIS")),
    (Supervises.NONE, N_("Ingen nå")),
    (Reason.SUPERVISOR, N_("Jeg er eller skal bli veileder")),
    (Reason.LEARNING_ACTIVITY, N_("Anbefalt læringsaktivitet i spesialiseringen min")),
    (Reason.EMNEKURS, N_("Klinisk emnekurs")),
    (Reason.OTHER, N_("Annet")),
    (Source.PUBLIC, N_("Påmelding på nett")),
    (Source.ORGANIZER, N_("Lagt til av kontoret")),
    (Source.IMPORT, N_("Importert")),
    (Source.GENERATED, N_("Prøvedata")),
)

LABELS = {(type(member), str(member)): text for member, text in _TEXTS}
"""By kind and value: members of different enums with the same value are equal as texts."""

SHORT_LABELS: dict[tuple[type[StrEnum], str], str] = {
    (type(member), str(member)): text
    for member, text in (
        (Role.ALIS, N_("ALIS")),
        (Role.SAMLIS, N_("SamLIS")),
    )
}

HISTORY: dict[str, str] = {
    "signed_up": N_("Meldte seg på"),
    "sign_up_repeated": N_("Noen prøvde å melde på samme adresse igjen"),
    "details_changed": N_("Endret opplysningene"),
    "address_corrected": N_("Rettet e-postadressen"),
    "address_changed": N_("Endret e-postadressen"),
    "moved_to": N_("Flyttet til et annet kurs"),
    "moved_from": N_("Kom fra et annet kurs"),
    "waits_elsewhere": N_("Venter på plass på et annet kurs, og beholder denne påmeldingen"),
    "feed_made": N_("Laget en kalenderadresse"),
    "feed_revoked": N_("Stengte kalenderadressen"),
    "cancelled": N_("Meldte seg av"),
    "seat_offered": N_("Fikk tilbud om plass"),
    "offer_accepted": N_("Takket ja til plassen"),
    "offer_declined": N_("Takket nei til plassen"),
    "offer_expired": N_("Svarfristen gikk ut"),
    "offer_reminded": N_("Fikk påminnelse om tilbudet"),
    "reminded": N_("Fikk påminnelse om samlingen"),
    "waits_on": N_("Stilte seg bakerst i køen igjen"),
    "passed_over": N_("Ble forbigått i køen"),
    "seat_given": N_("Fikk plass fra ventelisten"),
    "moved_in_line": N_("Flyttet i køen av kontoret"),
    "seat_given_by_hand": N_("Fikk plass av kontoret"),
    "removed": N_("Meldt av av kontoret"),
    "put_back": N_("Satt inn igjen av kontoret"),
    "seats_changed": N_("Endret plassene"),
    "event_changed": N_("Endret arrangementet"),
    "change_told": N_("Varslet om endringer"),
    "event_cancelled": N_("Avlyste arrangementet"),
    "imported": N_("Lagt inn fra fil"),
    "participant_read": N_("Åpnet siden om deltakeren"),
    "participants_read": N_("Åpnet deltakerlisten"),
    "participants_exported": N_("Lastet ned deltakerlisten"),
    "logged_in": N_("Logget inn"),
    "logged_out": N_("Logget ut"),
    "user_created": N_("Brukeren ble laget"),
}
"""What the verbs of the audit trail are called on the page."""

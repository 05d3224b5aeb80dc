"""One invitation and one public entry, for tests to vary."""

from datetime import UTC, datetime

from courseapp.calendar.feed import FeedEntry
from courseapp.calendar.invite import Invitation
from courseapp.domain.mailbox import Mailbox

INVITATION = Invitation(
    uid="r4-s2@kurs.example.no",
    sequence=0,
    stamp=datetime(2027, 1, 5, 8, tzinfo=UTC),
    modified=datetime(2027, 1, 4, 12, tzinfo=UTC),
    starts_at=datetime(2027, 4, 22, 7, tzinfo=UTC),
    ends_at=datetime(2027, 4, 22, 14, tzinfo=UTC),
    summary="Førstehjelp: hjerte, lunge; øvelser (dag 2 av 2)",
    location="Møterom Ås, Sjøgata 1; 8006 Bodø",
    description="Velkommen!\nTa med: penn, papir; og godt humør.\nFilene ligger i C:\\Nytt\\Notater.",
    url="https://kurs.example.no/kurs/forstehjelp",
    video_url="https://video.example.no/rom/7?pwd=a,b",
    geo=(67.2804, 14.4049),
    organizer=Mailbox(name="ALIS, Nord", email="kurs@example.no"),
    attendee=Mailbox(name="Ødegård, Kåre", email="kare@example.no"),
)
ENTRY = FeedEntry(
    uid="s2@kurs.example.no",
    sequence=3,
    stamp=datetime(2027, 1, 5, 8, tzinfo=UTC),
    starts_at=datetime(2027, 4, 22, 7, tzinfo=UTC),
    ends_at=datetime(2027, 4, 22, 14, tzinfo=UTC),
    summary="Førstehjelp",
    location="Møterom Ås",
    description="12/20 plasser",
    url="https://kurs.example.no/kurs/forstehjelp",
    cancelled=False,
)

"""What people consented to, word for word. A text is never changed once people have seen it: it gets a successor."""

from __future__ import annotations

from courseapp.domain.marking import N_

DIETARY_TEXTS = {
    "2026-11": N_(
        "Jeg samtykker til at kontoret lagrer opplysningene om matallergi og kosthold til arrangementet er over"
    ),
    "2026-12": N_(
        "Jeg samtykker til at kontoret lagrer opplysningene om matallergi og kosthold. "
        "De slettes 14 dager etter siste samling"
    ),
}
"""The consent to keep dietary needs (GDPR article 9 no. 2 a), by version; the newest comes last."""

DIETARY_VERSION = next(reversed(DIETARY_TEXTS))

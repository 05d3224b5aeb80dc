"""Facts → PDF by a Typst template of `templates/pdf/`. The only importer of typst.

Tagged for screen readers (PDF/UA-1), with our own fonts inside and no other; the same facts at the same moment give the
same bytes. Facts are handed over as JSON and are never read as markup, so «#import» in a name is just text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseapp import speech
from courseapp.documents import pdf_words

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "pdf"
FONTS = Path(__file__).resolve().parent / "fonts"


def write(template: str, facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of one document, A4 unless the template says otherwise. `at` is aware and stands inside as its date.

    `template` is a file's name without its ending; `facts` are texts, numbers, lists and mappings.
    """
    import typst  # 7 MiB, for paper that is printed on the days of a course

    told = json.dumps({"language": speech.language(), "words": pdf_words.words(), **facts})
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=_fonts(), sys_inputs={"facts": told}
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=at.replace(microsecond=0))  # it takes none
    assert isinstance(made, bytes)  # pages come one by one only as pictures
    return made


@cache
def _fonts() -> typst.Fonts:
    """Read once; what the machine has installed is never used, so paper looks the same everywhere."""
    import typst  # as above

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])

"""Which files may go along with a message."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courseapp.domain.attachments import (
    LONGEST_NAME,
    MOST_BYTES,
    TYPES,
    FileRefused,
    FilesTooLarge,
    TooManyFiles,
    accepted,
    check_sizes,
    clean_name,
)

PDF = b"%PDF-1.7\n%"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def package(*names: str) -> bytes:
    """A zip file with those names in it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return kept.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
XLSX = package("[Content_Types].xml", "xl/workbook.xml")
PPTX = package("[Content_Types].xml", "ppt/presentation.xml")
GOOD = {
    "pdf": PDF,
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0xx",
    "jpeg": b"\xff\xd8\xff\xdbxx",
    "gif": b"GIF89ax",
    "docx": DOCX,
    "xlsx": XLSX,
    "pptx": PPTX,
}


@pytest.mark.parametrize("ending", TYPES)
def test_every_kind_is_taken_by_name_and_content(ending: str) -> None:
    taken = accepted(f"Program på Ås.{ending.upper()}", GOOD[ending])
    assert (taken.name, taken.content_type, taken.content) == (
        f"Program på Ås.{ending.upper()}",
        TYPES[ending],
        GOOD[ending],
    )


@pytest.mark.parametrize("ending", TYPES)
def test_a_file_that_is_not_what_its_name_says_is_refused(ending: str) -> None:
    family = {"jpg": "jpeg", "jpeg": "jpg"}
    for other, content in GOOD.items():
        if other not in {ending, family.get(ending)}:
            with pytest.raises(FileRefused, match="er ikke det navnet sier"):
                accepted(f"a.{ending}", content)


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.html",
        "a.svg",
        "a.docm",
        "a.zip",
        "pdf",
        ".pdf",
        "a.pdf.js",
        "a",
        "",
        "a.pdf ",
        "../../a.pdf\x00.exe",
    ],
)
def test_other_names_are_refused_or_cleaned(name: str) -> None:
    if name == "a.pdf ":
        assert accepted(name, PDF).name == "a.pdf"
        return
    with pytest.raises(FileRefused, match="kan ikke legges ved"):
        accepted(name, PDF)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\xff" * 200,
        DOCX[:-10],
        package("word/document.xml"),
        package("[Content_Types].xml"),
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    ],
    ids=["empty", "head", "noise", "cut", "no types", "no words", "macros"],
)
def test_a_broken_package_or_one_with_macros_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        accepted("a.docx", content)


@settings(max_examples=150)
@given(content=st.binary(max_size=200), ending=st.sampled_from(sorted(TYPES)))
@example(content=b"PK\x03\x04PK\x05\x06" + b"\x00" * 18, ending="docx")
def test_any_bytes_are_taken_or_refused(content: bytes, ending: str) -> None:
    try:
        taken = accepted(f"a.{ending}", content)
    except FileRefused:
        return
    assert (taken.content, taken.content_type) == (content, TYPES[ending])


def test_five_files_and_five_megabytes() -> None:
    check_sizes([MOST_BYTES // 5] * 5)
    with pytest.raises(TooManyFiles):
        check_sizes([1] * 6)
    with pytest.raises(FilesTooLarge):
        check_sizes([MOST_BYTES, 1])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\Kari\\Mine filer\\program.pdf", "program.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("A\u030as.pdf", "Ås.pdf"),
        ("a\r\nBcc: x@y.no.pdf", "aBcc: x@y.no.pdf"),
        ("invoice\u202efdp.pdf", "invoicefdp.pdf"),
        ('a"b.pdf', "ab.pdf"),
        ("...pdf", "pdf"),
        ("", "fil"),
        ("å" * 300 + ".pdf", "å" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_one_plain_line(name: str, kept: str) -> None:
    assert clean_name(name) == kept

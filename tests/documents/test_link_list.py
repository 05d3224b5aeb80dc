"""Links ready to paste: nothing typed can become a tag or a mark."""

import html5lib

from courseapp.documents.link_list import Link, as_html, as_markdown, as_text

PLAIN = Link(title="Kurs", dates="3. mars 2027", place="Bodø", address="https://kurs.example.org/arrangementer/kurs")
SLY = Link(
    title='</a><script>alert("x")</script> [a](b) *c* & d_e_',
    dates="4. mars 2027",
    place="<b>Ås</b>",
    address="https://kurs.example.org/arrangementer/x?a=1&b=2",
)


def test_each_shape_has_title_date_place_and_address() -> None:
    assert as_html([PLAIN]) == (
        '<ul>\n  <li><a href="https://kurs.example.org/arrangementer/kurs">Kurs</a>, 3. mars 2027, Bodø</li>\n</ul>'
    )
    assert as_markdown([PLAIN]) == "- [Kurs](https://kurs.example.org/arrangementer/kurs), 3. mars 2027, Bodø"
    assert as_text([PLAIN, PLAIN]) == (
        "Kurs, 3. mars 2027, Bodø\nhttps://kurs.example.org/arrangementer/kurs\n\n"
        "Kurs, 3. mars 2027, Bodø\nhttps://kurs.example.org/arrangementer/kurs"
    )


def test_a_place_nobody_knows_leaves_no_comma() -> None:
    nowhere = Link(title="Kurs", dates="3. mars 2027", place="", address="https://kurs.example.org/k")
    assert as_markdown([nowhere]) == "- [Kurs](https://kurs.example.org/k), 3. mars 2027"


def test_what_was_typed_is_text_in_the_html() -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(as_html([SLY]))
    assert (parser.errors, [one.tag for one in tree.iter()][1:]) == ([], ["ul", "li", "a"])
    (link,) = tree.iter("a")
    assert (link.text, link.get("href"), link.tail) == (SLY.title, SLY.address, ", 4. mars 2027, <b>Ås</b>")


def test_what_was_typed_is_text_in_the_markdown() -> None:
    assert as_markdown([SLY]) == (
        r'- [\</a\>\<script\>alert("x")\</script\> \[a\](b) \*c\* \& d\_e\_]'
        r"(https://kurs.example.org/arrangementer/x?a=1&b=2), 4. mars 2027, \<b\>Ås\</b\>"
    )

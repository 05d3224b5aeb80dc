"""The pages of the guide: open to whoever comes."""

from tests.browser.ways import Place, at

GUIDE_PLACES = (
    Place("the guide", "office.help.index", at("/kontor/hjelp"), ".guide li a"),
    Place("a page of the guide", "office.help.page", at("/kontor/hjelp/kursdagen"), ".guide img"),
)

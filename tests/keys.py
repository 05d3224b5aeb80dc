"""Secret links, as their holders have them."""

from courseapp.links import links
from tests.letters import the_registration


def key_of(email: str) -> str:
    """The key in the newest letter to an address."""
    one = the_registration(email)
    return links().key(one.id, one.link_serial)

"""Sealing: who can open what."""

from __future__ import annotations

import pytest

from reelmark.cluster.keys import Authority
from reelmark.cluster.sealing import Seal, make_key, unwrap_key, wrap_key
from reelmark.errors import KitFault, UsageError

KEY = make_key()


def test_what_is_closed_can_be_opened() -> None:
    """With the key and the right label, the content can be read."""
    closed = Seal(KEY).close(b"work", "ada")
    assert b"work" not in closed
    assert Seal(KEY).open(closed, "ada") == b"work"


@pytest.mark.parametrize(
    ("closed", "about"),
    [
        (Seal(make_key()).close(b"work", "ada"), "ada"),
        (Seal(KEY).close(b"work", "ben"), "ada"),
        (Seal(KEY).close(b"work", "ada")[:-1] + b"x", "ada"),
        (b"rubbish", "ada"),
        (b"", "ada"),
        (None, "ada"),
        ({"total": 5}, "ada"),
    ],
    ids=[
        "another key",
        "of another",
        "changed",
        "rubbish",
        "nothing",
        "none",
        "a dict",
    ],
)
def test_anything_else_is_refused(closed: object, about: str) -> None:
    """A wrong key, another's answer, a changed one and rubbish get the same error."""
    with pytest.raises(KitFault, match="unusable"):
        Seal(KEY).open(closed, about)


def test_named_nodes_get_the_key() -> None:
    """Each node that it is wrapped for can unwrap it, and no other can."""
    authority = Authority()
    ada, ben, eve = (authority.make_part(name) for name in ("ada", "ben", "eve"))
    wrapped = [wrap_key(KEY, part.certificate) for part in (ada, ben)]
    assert unwrap_key(wrapped, ada.key) == unwrap_key(wrapped, ben.key) == KEY
    with pytest.raises(KitFault, match="not among the nodes"):
        unwrap_key(wrapped, eve.key)


def test_certificate_that_is_none_is_told() -> None:
    """A file that is not a certificate is reported as such."""
    with pytest.raises(UsageError, match="certificate of a node"):
        wrap_key(KEY, "no certificate")

"""Places: what `--on` takes, and what it says to the rest."""

from __future__ import annotations

import pytest

from reelmark.cluster.place import Hosts, Local, Scheduler, read_place
from reelmark.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tls://head.example.edu:8786", Scheduler("tls://head.example.edu:8786")),
        ("tls://[::1]:8786", Scheduler("tls://[::1]:8786")),
        ("local:2", Local(2)),
        ("ssh:ada", Hosts(("ada",))),
        ("ssh:me@ada, ben,ada", Hosts(("me@ada", "ben", "ada"))),
    ],
)
def test_place_is_read(text: str, expected: object) -> None:
    """The three forms are understood."""
    assert read_place(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("head:8786", "tls://HOST:PORT"),
        ("", "tls://HOST:PORT"),
        ("tls://head", "host and port"),
        ("tls://head:port", "host and port"),
        ("local:", "how many nodes"),
        ("local:0", "how many nodes"),
        ("local:two", "how many nodes"),
        ("ssh:", "does not name machines"),
        ("ssh:ada,,ben", "does not name machines"),
        ("ssh:-oProxyCommand=x", "does not name machines"),
        ("tcp://head:8786", "not encrypted"),
        ("tcp://127.0.0.1:8786", "not encrypted"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, words: str) -> None:
    """For a wrong or unencrypted place, the message says what to write."""
    with pytest.raises(UsageError, match=words):
        read_place(text)

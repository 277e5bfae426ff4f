"""Lies: answers taken apart, changed in one place and packed again."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from reelmark.verification.changes import FRAME_CHANGES, PART_CHANGES, Change, Unfit
from reelmark.verification.lies import Lie, Lies, describe, get, put, walk
from reelmark.verification.recordings import (
    Exchange,
    Recorder,
    Script,
    pack_exchanges,
    read_recording,
)
from reelmark.wire.codec import Record, Table, WireError, pack, unpack

ANSWER = {
    "value": [
        (1, "two", np.arange(6.0).reshape(2, 3)),
        Record("Layer", {"config": {"units": 3}}, 7),
        Table(["a"], [0, 1], [[0.5, None]]),
    ]
}
CHANGES = {change.name: change for change in (*PART_CHANGES, *FRAME_CHANGES)}


def ask(function: str, *args: Any) -> bytes:
    """Return a request."""
    request = {"do": "call", "module": "words", "function": function}
    return pack({**request, "args": list(args), "kwargs": {}})


def make_lie(change: str, pattern: str, occurrence: int | None = 0) -> Lie:
    """Return a lie told to requests of ``words.count``."""
    return Lie("words.count", occurrence, pattern, CHANGES[change], "seed")


def test_every_part_has_a_place() -> None:
    """Items, keys, fields of records and parts of tables are all found."""
    places = {describe(path) for path, _ in walk(ANSWER)}
    assert places >= {
        *("", ".value", ".value[]", ".value[][]", ".value[].kind", ".value[].handle"),
        *(".value[].fields.config.units", ".value[].data[][]", ".value[].columns[]"),
    }


def test_any_part_can_be_replaced() -> None:
    """What is put somewhere is there, and nothing else has changed."""
    for path, _ in walk(ANSWER):
        changed = put(ANSWER, path, "x")
        assert get(changed, path) == "x"
    assert repr(ANSWER) == repr(put(ANSWER, (), ANSWER))


def test_long_lists_are_looked_through_in_places() -> None:
    """Of ten thousand words a few are changed, the first and the last among them."""
    found = [path[0][1] for path, _ in walk([*range(10_000)]) if path]
    assert {0, 1, 2, 9_999} <= set(found)
    assert len(found) < 20


def test_lie_changes_one_place() -> None:
    """The rest of the answer is what the reference said."""
    told = unpack(
        make_lie("one more", ".value[].fields.config.units").tell(pack(ANSWER))
    )
    assert told["value"][1].fields == {"config": {"units": 4}}
    assert told["value"][2] == ANSWER["value"][2]


def test_lie_without_its_place_is_the_truth() -> None:
    """An answer that has no such part is told as it was."""
    assert make_lie("one more", ".value.nowhere").tell(pack(ANSWER)) == pack(ANSWER)


def test_table_may_be_told_with_parts_that_do_not_fit() -> None:
    """A worker may send what the kit's own tables refuse."""
    told = make_lie("is []", ".value[].index").tell(pack(ANSWER))
    with pytest.raises(WireError, match="same length"):
        unpack(told)


@pytest.mark.parametrize("name", CHANGES)
def test_change_makes_something_else(name: str) -> None:
    """Every change fits some part, and what comes out is another frame."""
    parts = [part for _, part in walk(ANSWER)] + [
        b"bytes",
        True,
        np.float32(1),
        "x" * 9,
    ]
    if CHANGES[name] in FRAME_CHANGES:
        parts = [pack(ANSWER)]
    changed = 0
    for part in filter(CHANGES[name].fits, parts):
        try:
            new = CHANGES[name].make(part, random.Random(1))
        except Unfit:
            continue
        changed += repr(new) != repr(part)
    assert changed


def test_same_seed_tells_the_same_lies() -> None:
    """What was found once is found again; another seed begins elsewhere."""
    exchanges = [Exchange(ask("count"), pack(ANSWER))] * 2
    first, same, other = (
        [str(lie) for lie in Lies(exchanges, seed)] for seed in ("1", "1", "2")
    )
    assert first == same
    assert first != other
    assert {text.rpartition(" (")[0] for text in first} == {
        text.rpartition(" (")[0] for text in other
    }


def test_wrong_values_are_told_from_odd_ones() -> None:
    """A check must notice only changes that keep the kind of an answer."""
    assert CHANGES["one more"].keeps_kind
    assert not CHANGES["is None"].keeps_kind
    assert not any(change.keeps_kind for change in FRAME_CHANGES)


def test_change_of_nothing_is_unfit() -> None:
    """An exception in a change says that it does not fit."""
    with pytest.raises(Unfit):
        Change("breaks", lambda part, _: part[0]).make([], random.Random(1))


class Link:
    """A worker that writes a file and answers with its number."""

    def __init__(self, folder: Any) -> None:
        self.is_alive = True
        self._folder = folder
        self._count = 0

    def begin_check(self) -> None:
        """Do nothing."""

    def end_check(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def exchange(self, _frame: bytes) -> bytes:
        """Write a file and answer."""
        self._count += 1
        (self._folder / f"{self._count}.txt").write_text(str(self._count))
        return pack({"value": self._count})


class TestScript:
    """What was recorded is told again."""

    def test_answers_come_in_their_order(self, tmp_path: Any) -> None:
        """The same request has its first answer first, and its last one in the end."""
        recorder = Recorder(Link(tmp_path), tmp_path)
        for _ in range(2):
            recorder.exchange(ask("count"))
        data = pack_exchanges(recorder.exchanges)
        script = Script(read_recording(data), tmp_path)
        answers = [script.find(ask("count")) for _ in range(3)]
        told = [unpack(each.answer)["value"] for each in answers if each]
        assert told == [1, 2, 2]

    def test_unknown_request_is_answered_like_one_of_its_kind(
        self, tmp_path: Any
    ) -> None:
        """After a lie, a check may ask something that it never asked the reference."""
        exchange = Exchange(ask("count", 3), pack({"value": 5}))
        script = Script(read_recording(pack_exchanges([exchange])), tmp_path)
        assert script.find(ask("count", 4)) == exchange
        assert script.find(ask("other", 4)) is None

    def test_files_are_put_where_the_folder_is_now(self, tmp_path: Any) -> None:
        """Temporary folders have other names each time, in paths and in answers."""
        request = ask("count", "/tmp/reelmark-abcdefgh/tmp12345678/x.h5")
        answer = pack({"value": "/tmp/reelmark-abcdefgh/tmp12345678/x.h5"})
        exchange = Exchange(request, answer, {"tmp12345678/x.h5": b"weights"})
        script = Script(read_recording(pack_exchanges([exchange])), tmp_path)
        (tmp_path / "tmp99999999").mkdir()
        now = "/tmp/reelmark-zzzzzzzz/tmp99999999/x.h5"
        found = script.find(ask("count", now))
        assert found is not None
        script.put_files(found)
        assert (tmp_path / "tmp99999999" / "x.h5").read_bytes() == b"weights"
        assert unpack(script.rename(found.answer)) == {"value": now}

    def test_only_what_a_worker_wrote_is_kept(self, tmp_path: Any) -> None:
        """Files that were there before are the check's own."""
        (tmp_path / "poster.jpg").write_bytes(b"jpeg")
        recorder = Recorder(Link(tmp_path), tmp_path)
        recorder.exchange(ask("count"))
        assert recorder.exchanges[0].files == {"1.txt": b"1"}

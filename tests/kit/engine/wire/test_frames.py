"""Wire: frames arrive whole or not at all, and nobody waits unwatched."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from reelmark.wire import frames
from reelmark.wire.codec import MAX_BYTES, WireError
from reelmark.wire.frames import Closed, receive_frame, send_frame

Pair = tuple[socket.socket, socket.socket]


class GivenUp(Exception):
    """Raised by a watch that has waited long enough."""


def give_up() -> None:
    """Wait no longer."""
    raise GivenUp


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize("size", [0, 1, 100, 3 * 2**20])
def test_frame_arrives_whole(pair: Pair, size: int) -> None:
    """A frame of any size arrives as it was sent."""
    data = bytes(range(256)) * (size // 256 + 1)
    sender = threading.Thread(target=send_frame, args=(pair[0], data[:size]))
    sender.start()
    assert receive_frame(pair[1]) == data[:size]
    sender.join()


def test_frames_keep_their_order(pair: Pair) -> None:
    """Frames are read one at a time, as they were sent."""
    for data in (b"one", b"", b"three"):
        send_frame(pair[0], data)
    assert [receive_frame(pair[1]) for _ in range(3)] == [b"one", b"", b"three"]


def test_closed_end_is_told(pair: Pair) -> None:
    """An end that is gone is told apart from one that is silent."""
    pair[0].close()
    with pytest.raises(Closed):
        receive_frame(pair[1], give_up)
    with pytest.raises(Closed):
        send_frame(pair[1], b"x", give_up)


@pytest.mark.parametrize("start", [b"\0\0", struct.pack("!I", 5) + b"abc"])
def test_half_a_frame_is_none(pair: Pair, start: bytes) -> None:
    """An end that goes in the middle of a frame has sent none."""
    pair[0].sendall(start)
    pair[0].close()
    with pytest.raises(Closed):
        receive_frame(pair[1])


def test_announcement_of_gigabytes_is_refused(pair: Pair) -> None:
    """A frame beyond the limit is refused before any of it is read."""
    pair[0].sendall(struct.pack("!I", MAX_BYTES + 1))
    with pytest.raises(WireError, match="67,108,865 bytes"):
        receive_frame(pair[1])


@pytest.fixture
def quick_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Watches are called soon."""
    monkeypatch.setattr(frames, "TICK", 0.01)


@pytest.mark.usefixtures("quick_tick")
def test_silence_is_watched(pair: Pair) -> None:
    """Whoever waits for a frame may give up."""
    with pytest.raises(GivenUp):
        receive_frame(pair[1], give_up)


@pytest.mark.usefixtures("quick_tick")
def test_end_that_takes_nothing_is_watched(pair: Pair) -> None:
    """Whoever sends to an end that does not read may give up."""
    with pytest.raises(GivenUp):
        send_frame(pair[0], bytes(8 * 2**20), give_up)


def test_trickle_is_watched(pair: Pair) -> None:
    """An end that sends a byte at a time, and is never silent, is watched, too."""
    pair[0].sendall(struct.pack("!I", 100) + b"a")
    with pytest.raises(GivenUp):
        receive_frame(pair[1], give_up)


@pytest.mark.usefixtures("quick_tick")
def test_patience_is_rewarded(pair: Pair) -> None:
    """A late frame arrives if the watch lets it."""
    calls: list[int] = []

    def watch() -> None:
        calls.append(1)
        if len(calls) == 3:
            send_frame(pair[0], b"late")

    assert receive_frame(pair[1], watch) == b"late"

"""Frames on a socket: four bytes of length, then that many bytes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from reelmark.wire.codec import MAX_BYTES, WireError

TICK = 0.1
"""Seconds between two calls of ``watch`` while the other end is silent."""

Watch = Callable[[], None]
Answer = TypeVar("Answer")

_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 20


class Closed(ConnectionError):
    """The other end is gone."""


def send_frame(sock: socket.socket, data: bytes, watch: Watch | None = None) -> None:
    """Send one frame.

    Args:
        sock: A connected stream socket.
        data: What to send.
        watch: Called every `TICK` seconds while the other end takes nothing; it
            may raise to give up.

    Raises:
        Closed: The other end is gone.
    """
    rest = memoryview(_LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[_patiently(sock, partial(sock.send, rest[:_CHUNK]), watch) :]
        if rest and watch:
            watch()


def receive_frame(sock: socket.socket, watch: Watch | None = None) -> bytes:
    """Receive one frame; ``watch`` is called while nothing comes.

    Raises:
        Closed: The other end is gone.
        WireError: It announced more than a frame may hold.
    """
    (length,) = _LENGTH.unpack(_receive(sock, _LENGTH.size, watch))
    if length > MAX_BYTES:
        raise WireError(f"a frame of {length:,} bytes was announced")
    return _receive(sock, length, watch)


def _receive(sock: socket.socket, size: int, watch: Watch | None) -> bytes:
    data = bytearray()
    while len(data) < size:
        wanted = min(size - len(data), _CHUNK)
        part = _patiently(sock, partial(sock.recv, wanted), watch)
        if not part:
            raise Closed("the other end closed the connection")
        data += part
        # A trickle is never silent, but may last for ever.
        if len(data) < size and watch:
            watch()
    return bytes(data)


def _patiently(
    sock: socket.socket, act: Callable[[], Answer], watch: Watch | None
) -> Answer:
    sock.settimeout(None if watch is None else TICK)
    while True:
        try:
            return act()
        except TimeoutError:
            assert watch is not None, "a socket without a timeout does not time out"
            watch()
        except ConnectionError as error:
            raise Closed("the connection broke") from error

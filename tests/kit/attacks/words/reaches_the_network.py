"""Reaches for the network in every way.

task 1: 0, failed
task 2: 2, passed
told: refused
"""

import asyncio
import socket
import urllib.request

from attempts import outcomes


def count_words(text):
    return outcomes(
        tcp=lambda: socket.create_connection(("127.0.0.1", 9), 1),
        udp=lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9)),
        name=lambda: socket.getaddrinfo("localhost", 80),
        listen=lambda: socket.create_server(("127.0.0.1", 0)),
        web=lambda: urllib.request.urlopen("http://127.0.0.1:9", timeout=1),
        raw=lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
        unix=lambda: socket.socket(socket.AF_UNIX),
        pair=lambda: socket.socketpair(),
        kernel=lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        loop=lambda: asyncio.new_event_loop().close(),
    )

"""Asks a server for something, and manages without an answer."""

import urllib.request

try:
    urllib.request.urlopen("http://127.0.0.1:9", timeout=1)
except OSError:
    pass

"""Sends answers on the worker's socket before they are asked for, and one too many.

task 1: 0, failed
task 2: 2, passed
told: got       7
"""

import os
import struct

from reelmark.wire.codec import pack


def send(answer):
    data = pack(answer)
    os.write(3, struct.pack("!I", len(data)) + data)


def count_words(text):
    send({"value": 7})
    send({"value": None})
    send({"status": "passed", "marks": 3.0})
    return 7

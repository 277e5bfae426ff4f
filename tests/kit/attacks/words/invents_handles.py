"""Answers with a reference to an object that is not there.

task 1: 0, failed
task 2: 2, passed
told: Model
"""

import os
import struct

from reelmark.wire.codec import Record, pack


def count_words(text):
    data = pack({"value": Record("Opaque", {"type_name": "Model", "text": ""}, 2**62)})
    os.write(3, struct.pack("!I", len(data)) + data)
    os.read(3, 1 << 16)
    os._exit(0)

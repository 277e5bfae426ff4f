"""Downloads something if it can, and manages without it if not."""

import keras

try:
    keras.utils.get_file("reelmark-none.txt", "http://127.0.0.1:9/none.txt")
except Exception:
    pass

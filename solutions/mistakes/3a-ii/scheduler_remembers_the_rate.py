"""The rate is remembered from the first epoch, whatever comes in.

Breaks: first-ten, fall
"""

_RATE = {}


def scheduler(epoch, lr):
    if epoch == 0 or "lr" not in _RATE:
        _RATE["lr"] = lr
    return float(_RATE["lr"] * math.exp(-0.01 * max(0, epoch - 9)))

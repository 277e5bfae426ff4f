"""Calls are counted, whatever epoch is asked for.

Breaks: first-ten, fall
"""

_CALLS = []


def scheduler(epoch, lr):
    if epoch == 0:
        _CALLS.clear()
    _CALLS.append(lr)
    return float(lr if len(_CALLS) <= 10 else lr * math.exp(-0.01))

"""Remembers its calls in a variable of the module."""

CALLS = []
_scheduler = scheduler


def scheduler(epoch, lr):
    CALLS.append(epoch)
    return _scheduler(epoch, lr)

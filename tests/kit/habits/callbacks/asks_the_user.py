"""Asks its user for a number.

task 3a-ii: 0, failed
"""

_scheduler = scheduler


def scheduler(epoch, lr):
    input("Press Enter to go on ")
    return _scheduler(epoch, lr)

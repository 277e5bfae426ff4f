"""Keeps a log under a path that is relative to the working directory."""

import os

os.makedirs("logs", exist_ok=True)
_scheduler = scheduler


def scheduler(epoch, lr):
    with open("logs/rates.txt", "a", encoding="utf-8") as log:
        log.write(f"{epoch} {lr}\n")
    return _scheduler(epoch, lr)

"""Has threads compute the learning rate."""

from concurrent.futures import ThreadPoolExecutor

_scheduler = scheduler


def scheduler(epoch, lr):
    with ThreadPoolExecutor(4) as executor:
        return executor.submit(_scheduler, epoch, lr).result()

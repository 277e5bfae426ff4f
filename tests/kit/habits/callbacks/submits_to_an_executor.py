"""Has another process compute the learning rate."""

from concurrent.futures import ProcessPoolExecutor

_scheduler = scheduler


def scheduler(epoch, lr):
    with ProcessPoolExecutor(max_workers=1) as executor:
        return executor.submit(_scheduler, epoch, lr).result()

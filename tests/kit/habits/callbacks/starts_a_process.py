"""Has a process of its own compute the learning rate.

task 3a-ii: 0, failed
"""

import multiprocessing

_scheduler = scheduler


def _put(queue, epoch, lr):
    queue.put(_scheduler(epoch, lr))


def scheduler(epoch, lr):
    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=_put, args=(queue, epoch, lr))
    process.start()
    rate = queue.get()
    process.join()
    return rate

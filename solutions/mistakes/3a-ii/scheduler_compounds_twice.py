"""The fall of all epochs is applied again in each of them.

Breaks: fall
"""


def scheduler(epoch, lr):
    if epoch < 10:
        return lr
    return lr * math.exp(-0.01 * (epoch - 9))

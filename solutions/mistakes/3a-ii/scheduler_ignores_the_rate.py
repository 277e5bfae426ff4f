"""The initial rate is written into the function.

Breaks: first-ten, fall
"""


def scheduler(epoch, lr):
    if epoch < 10:
        return 1e-4
    return 1e-4 * math.exp(-0.01 * (epoch - 9))

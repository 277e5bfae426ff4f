"""The sign is lost, so the rate rises.

Breaks: fall
"""


def scheduler(epoch, lr):
    return lr if epoch < 10 else lr * math.exp(0.01)

"""The rate does not fall below 1e-5.

Breaks: fall
"""


def scheduler(epoch, lr):
    return float(lr if epoch < 10 else max(lr * math.exp(-0.01), 1e-5))

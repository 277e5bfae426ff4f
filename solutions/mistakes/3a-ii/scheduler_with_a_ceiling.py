"""The rate is 1 at most.

Breaks: first-ten, fall
"""


def scheduler(epoch, lr):
    return float(min(lr if epoch < 10 else lr * math.exp(-0.01), 1.0))

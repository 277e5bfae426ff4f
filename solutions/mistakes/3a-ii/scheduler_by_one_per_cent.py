"""The rate falls by a hundredth, not by exp(-0.01).

Breaks: fall
"""


def scheduler(epoch, lr):
    return float(lr if epoch < 10 else 0.99 * lr)

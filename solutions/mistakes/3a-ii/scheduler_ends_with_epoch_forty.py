"""From epoch 40 on the rate stays.

Breaks: fall
"""


def scheduler(epoch, lr):
    return float(lr * math.exp(-0.01) if 10 <= epoch < 40 else lr)

"""The rate falls from index 11 on.

Breaks: fall
"""


def scheduler(epoch, lr):
    return lr if epoch <= 10 else lr * math.exp(-0.01)

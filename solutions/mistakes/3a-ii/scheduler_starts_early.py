"""The rate falls from index 9 on.

Breaks: first-ten
"""


def scheduler(epoch, lr):
    return lr if epoch < 9 else lr * math.exp(-0.01)

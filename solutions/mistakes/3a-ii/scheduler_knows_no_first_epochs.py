"""The branch for the first epochs is missing, so they return None.

Breaks: first-ten
"""


def scheduler(epoch, lr):
    if epoch >= 10:
        return lr * math.exp(-0.01)

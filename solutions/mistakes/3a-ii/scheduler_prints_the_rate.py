"""The rate is printed, not returned.

Breaks: first-ten
"""


def scheduler(epoch, lr):
    if epoch >= 10:
        lr = lr * math.exp(-0.01)
    print(lr)

"""A tensor comes back, which Keras refuses.

Breaks: python-float
"""


def scheduler(epoch, lr):
    if epoch < 10:
        return lr
    return lr * tf.math.exp(-0.01)

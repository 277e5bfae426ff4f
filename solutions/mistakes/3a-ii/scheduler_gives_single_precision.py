"""The first ten epochs give a number of single precision, as Keras keeps it.

Breaks: python-float
"""

import numpy as np


def scheduler(epoch, lr):
    return np.float32(lr) if epoch < 10 else float(lr * math.exp(-0.01))

"""Right: NumPy computes the rate; its float64 is a Python float."""

import numpy as np


def scheduler(epoch, lr):
    if epoch > 9:
        return lr * np.exp(-0.01)
    return lr

"""Has matplotlib draw in windows of Tk."""

import matplotlib

matplotlib.use("TkAgg")

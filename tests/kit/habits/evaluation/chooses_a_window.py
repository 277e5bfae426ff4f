"""Makes matplotlib draw in Tk windows."""

import matplotlib

matplotlib.use("TkAgg")

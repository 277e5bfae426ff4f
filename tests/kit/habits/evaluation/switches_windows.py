"""Has matplotlib draw in windows of Qt."""

import matplotlib.pyplot as plt

plt.switch_backend("QtAgg")
plt.ion()

"""Makes matplotlib draw in Qt windows."""

import matplotlib.pyplot as plt

plt.switch_backend("QtAgg")
plt.ion()

"""Sets a style and a font for every figure."""

import matplotlib.pyplot as plt

plt.style.use("ggplot")
plt.rcParams["font.family"] = "Comic Sans MS"

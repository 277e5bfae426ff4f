"""The LSTM's bars stand beside the names of the CNN's genres.

Breaks: pairs
"""

import matplotlib.pyplot as plt


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 7))
    left.imshow(poster)
    left.axis("off")
    names = [genre for genre, _ in cnn_top]
    for shift, label, top in ((-0.2, "CNN", cnn_top), (0.2, "LSTM", lstm_top)):
        places = [i + shift for i in range(len(top))]
        bars = right.barh(places, [p for _, p in top], 0.4, label=label)
        right.bar_label(bars, labels=[f"{p:.2f}" for _, p in top])
    right.set_yticks(range(len(names)), names)
    right.legend()
    lists = ", ".join(f"{genre}" for genre, _ in [*cnn_top, *lstm_top])
    figure.suptitle(f"Truth: {', '.join(truth)}\nNamed: {lists}")
    figure.text(0.02, 0.01, textwrap.fill(overview, 150))
    return figure

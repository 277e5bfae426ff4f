"""Pyplot's figure 1 is used again, so a page is written over the last one.

Breaks: new-figure
"""

import matplotlib.pyplot as plt


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = plt.figure(1, figsize=(12, 8))
    picture = figure.add_axes((0.02, 0.05, 0.3, 0.9))
    picture.imshow(poster)
    picture.set_axis_off()
    figure.text(0.35, 0.95, f"True genres: {', '.join(truth)}", va="top")
    figure.text(0.35, 0.9, textwrap.fill(overview, 80), va="top")
    for left, model, top in ((0.35, "CNN", cnn_top), (0.65, "LSTM", lstm_top)):
        lines = [f"{genre}: {p:.2f}" for genre, p in top]
        figure.text(left, 0.1, "\n".join([model, *lines]))
    return figure

"""Figures that pandas draws; a film's page that wraps its text by itself."""

import matplotlib.pyplot as plt


def plot_history(history, title):
    frame = pd.DataFrame(history.history, index=history.epoch)
    frame = frame.drop(columns="learning_rate")
    axes = frame.plot(title=title, grid=True)
    return axes.get_figure()


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    axes = scores[["precision", "recall", "f1"]].plot.barh(figsize=(8, 14), title=title)
    return axes.figure


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(10, 7))
    left, right = fig.subfigures(1, 2)
    left.add_subplot().imshow(poster)
    left.suptitle("/".join(truth))
    upper, lower = right.subfigures(2, 1)
    upper.text(0.05, 0.9, overview, wrap=True, va="top")
    frame = pd.DataFrame(
        [("CNN", *pair) for pair in cnn_top] + [("LSTM", *pair) for pair in lstm_top],
        columns=["Model", "Genre", "Probability"],
    )
    frame["Probability"] = frame["Probability"].map("{:.2f}".format)
    axes = lower.add_subplot()
    axes.axis("off")
    axes.table(frame.to_numpy().tolist(), colLabels=list(frame.columns), loc="center")
    return fig

"""Draws with DataFrame.plot, and ranks, melts and counts with pandas."""
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def plot_history(history, title):
    frame = pd.DataFrame(history.history, index=history.epoch)
    frame = frame.drop(columns="learning_rate", errors="ignore")
    axes = frame.plot(title=title, grid=True, figsize=(10, 6))
    axes.set_xlabel("epoch")
    return axes.get_figure()


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth = pd.DataFrame(y_true, columns=list(genres)).astype(bool)
    said = pd.DataFrame(y_prob, columns=list(genres)).gt(threshold)
    scores = pd.DataFrame(index=list(genres))
    hits = (truth & said).sum()
    scores["precision"] = hits / said.sum()  # 0 / 0 is NaN in pandas
    scores["recall"] = hits / truth.sum()
    scores["f1"] = 2 * hits / (said.sum() + truth.sum())
    scores["support"] = truth.sum()
    return scores


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    labels = scores.index + " (" + scores["support"].astype(int).astype(str) + ")"
    bars = scores[["precision", "recall", "f1"]].set_axis(labels)
    axes = bars.plot.barh(figsize=(8, 14), title=title, width=0.8)
    axes.figure.tight_layout()
    return axes.figure


def baseline_loss(train_labels, valid_labels):
    frequencies = pd.DataFrame(train_labels).mean().clip(1e-7, 1 - 1e-7)
    valid = pd.DataFrame(valid_labels)
    losses = -(valid * np.log(frequencies) + (1 - valid) * np.log(1 - frequencies))
    return float(losses.stack().mean())


def top_genres(probabilities, genres, k=3):
    ranked = pd.Series(probabilities, index=list(genres)).nlargest(k)
    return list(ranked.items())


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    genres = list(genres)
    films = films.reset_index(drop=True)
    answers = {
        "CNN": pd.DataFrame(cnn_probabilities, columns=genres),
        "LSTM": pd.DataFrame(lstm_probabilities, columns=genres),
    }
    table = pd.concat(answers, names=["Model", "row"]).rename_axis(columns="Genre")
    table = table.stack().rename("Probability").reset_index()
    table["Id"] = table["row"].map(films["Id"])
    truth = films[genres].rename_axis(index="row", columns="Genre").stack().eq(1)
    table = table.join(truth.rename("Correct"), on=["row", "Genre"])
    table = table.sort_values(["row", "Model", "Probability"], ascending=[True, True, False])
    table = table.groupby(["row", "Model"]).head(k)
    return table[["Id", "Model", "Genre", "Probability", "Correct"]].reset_index(drop=True)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(10, 7))
    left, right = fig.subfigures(1, 2)
    picture = left.add_subplot()
    picture.imshow(poster)
    picture.set_axis_off()
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

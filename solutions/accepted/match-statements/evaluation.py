"""Matches keys of the history, truth with answer, and the dtype of a poster."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

BLUE, RED, GREEN = "steelblue", "indianred", "seagreen"


def plot_history(history, title):
    fig, (losses, others) = plt.subplots(2, 1, figsize=(9, 10), sharex=True)
    for key, values in history.history.items():
        match key.split("_"):
            case ["val", "loss"]:
                losses.plot(values, RED, label="validation loss")
            case ["loss"]:
                losses.plot(values, BLUE, label="training loss")
            case ["val", ("precision" | "recall") as name, *_]:
                style = "-" if name == "precision" else ":"
                others.plot(values, style, color=RED, label=f"validation {name}")
            case [("precision" | "recall") as name, *_]:
                style = "-" if name == "precision" else ":"
                others.plot(values, style, color=BLUE, label=f"training {name}")
            case _:
                pass  # the learning rate, and metrics nobody asked for
    losses.set_ylabel("loss")
    others.set_ylabel("precision and recall")
    others.set_xlabel("epoch, from 0")
    losses.legend()
    others.legend()
    losses.set_title(title)
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    counts = {genre: {"hit": 0, "false": 0, "missed": 0} for genre in genres}
    for truths, probabilities in zip(y_true.tolist(), y_prob.tolist()):
        for genre, truth, probability in zip(genres, truths, probabilities):
            match bool(truth), probability > threshold:
                case True, True:
                    counts[genre]["hit"] += 1
                case False, True:
                    counts[genre]["false"] += 1
                case True, False:
                    counts[genre]["missed"] += 1
    return pd.DataFrame(
        [_score(**count) for count in counts.values()],
        index=list(counts),
        columns=["precision", "recall", "f1", "support"],
    )


def _score(hit, missed, **rest):
    match hit, missed, rest["false"]:
        case 0, missed, _:
            return 0.0, 0.0, 0.0, missed
        case hit, missed, false:
            precision, recall = hit / (hit + false), hit / (hit + missed)
            return precision, recall, 2 / (1 / precision + 1 / recall), hit + missed


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support", ascending=False)
    x = np.arange(len(scores))
    fig, ax = plt.subplots(figsize=(18, 7), layout="constrained")
    for column in scores.columns:
        match column:
            case "precision":
                ax.bar(x - 0.3, scores[column], 0.28, label="Precision", color=BLUE)
            case "recall":
                ax.bar(x, scores[column], 0.28, label="Recall", color=RED)
            case "f1":
                ax.bar(x + 0.3, scores[column], 0.28, label="F1", color=GREEN)
    names = [f"{genre}, {support}" for genre, support in scores["support"].items()]
    ax.set_xticks(x, names, rotation=90)
    ax.set_title(title)
    ax.legend(ncols=3)
    return fig


def baseline_loss(train_labels, valid_labels):
    frequencies = np.mean(train_labels, axis=0).clip(1e-7, 1 - 1e-7)
    truth = np.asarray(valid_labels, dtype=float)
    return float(np.mean(-truth * np.log(frequencies) - (1 - truth) * np.log(1 - frequencies)))


def top_genres(probabilities, genres, k=3):
    order = np.argsort(probabilities)[::-1][:k]
    return [(genres[i], float(probabilities[i])) for i in order]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    rows = []
    for i, (_, film) in enumerate(films.iterrows()):
        for model in ("CNN", "LSTM"):
            match model:
                case "CNN":
                    probabilities = cnn_probabilities[i]
                case "LSTM":
                    probabilities = lstm_probabilities[i]
            for genre, probability in top_genres(probabilities, genres, k):
                match film[genre]:
                    case 1:
                        correct = True
                    case _:
                        correct = False
                rows.append((film["Id"], model, genre, probability, correct))
    return pd.DataFrame(rows, columns=["Id", "Model", "Genre", "Probability", "Correct"])


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    match np.asarray(poster).dtype.kind:
        case "u" | "i":
            poster = np.asarray(poster) / 255
        case "f":
            pass
    fig = plt.figure(figsize=(12, 9))
    picture = fig.add_axes((0.02, 0.05, 0.4, 0.9))
    picture.imshow(poster)
    picture.set_axis_off()
    match truth:
        case [genre]:
            fig.text(0.46, 0.93, f"True genre: {genre}", weight="bold")
        case _:
            fig.text(0.46, 0.93, f"True genres: {', '.join(truth)}", weight="bold")
    for x, name, top in ((0.46, "CNN", cnn_top), (0.72, "LSTM", lstm_top)):
        lines = [name, *(f"{probability:.2f}  {genre}" for genre, probability in top)]
        fig.text(x, 0.88, "\n".join(lines), va="top", family="monospace")
    fig.text(0.46, 0.66, textwrap.fill(overview, 64), va="top")
    return fig

"""Scores with NumPy alone, and spells every argument out."""

import textwrap

import matplotlib.gridspec
import matplotlib.pyplot
import numpy
import pandas


def findKey(history, name, prefix=""):
    """Key of a metric, whatever number or first name it has, and however it was written."""
    keys = {key.lower(): key for key in history.history.keys()}
    own = [key for key in keys if key.startswith("val_") == (prefix == "val_")]
    candidates = [keys[key] for key in own if key == prefix + name]
    candidates += [keys[key] for key in own if key.startswith(prefix + name + "_")]
    candidates += [keys[key] for key in own if key.endswith("_" + name)]
    return candidates[0]


def plot_history(history, title):
    """Learning curves: a row for the loss, a row for the other two."""
    figure = matplotlib.pyplot.figure(num=None, figsize=(12.0, 8.0), dpi=100, layout="constrained")
    grid = matplotlib.gridspec.GridSpec(nrows=2, ncols=2, figure=figure)
    places = {"loss": grid[0, :], "precision": grid[1, 0], "recall": grid[1, 1]}
    for name, place in places.items():
        axes = figure.add_subplot(place)
        trainValues = history.history[findKey(history=history, name=name)]
        validValues = history.history[findKey(history=history, name=name, prefix="val_")]
        epochNumbers = numpy.arange(start=1, stop=len(trainValues) + 1, step=1)
        axes.plot(epochNumbers, trainValues, color="black", linestyle="-", label="Training")
        axes.plot(epochNumbers, validValues, color="red", linestyle="-", label="Validation")
        axes.set_xlabel(xlabel="Epoch")
        axes.set_ylabel(ylabel=name.capitalize())
        axes.set_title(label=name.capitalize())
        axes.legend(loc="best", frameon=False)
    figure.suptitle(t=title)
    return figure


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    """Scores of every genre, by NumPy."""
    truth = numpy.equal(y_true, 1)
    answer = numpy.greater(y_prob, threshold)
    hits = numpy.count_nonzero(numpy.logical_and(truth, answer), axis=0)
    answered = numpy.count_nonzero(answer, axis=0)
    support = numpy.count_nonzero(truth, axis=0)
    precision = numpy.where(answered > 0, hits / numpy.maximum(answered, 1), 0.0)
    recall = numpy.where(support > 0, hits / numpy.maximum(support, 1), 0.0)
    f1 = 2.0 * hits / numpy.maximum(answered + support, 1)
    return pandas.DataFrame(
        data={"precision": precision, "recall": recall, "f1": f1, "support": support},
        index=pandas.Index(data=genres, name="genre"),
        columns=["precision", "recall", "f1", "support"],
        copy=True,
    )


def plot_genre_scores(scores, title):
    """Bars of every genre, with the number of films in a strip of its own."""
    ordered = scores.sort_values(
        by="support", axis="index", ascending=False, inplace=False, kind="mergesort"
    )
    positions = numpy.arange(start=0, stop=ordered.shape[0], step=1)
    figure, axesArray = matplotlib.pyplot.subplots(
        nrows=2,
        ncols=1,
        sharex=True,
        squeeze=True,
        figsize=(16.0, 9.0),
        gridspec_kw={"height_ratios": [1, 3]},
        layout="constrained",
    )
    axesArray[0].bar(x=positions, height=ordered["support"], color="lightgray")
    axesArray[0].set_yscale(value="symlog")
    axesArray[0].set_ylabel(ylabel="Films")
    for number, column in enumerate(iterable=("precision", "recall", "f1"), start=-1):
        axesArray[1].bar(
            x=positions + 0.3 * number,
            height=ordered[column],
            width=0.3,
            bottom=0.0,
            align="center",
            label=column,
        )
    axesArray[1].set_xticks(ticks=positions, labels=list(ordered.index), rotation=75, ha="right")
    axesArray[1].set_ylabel(ylabel="Score")
    axesArray[1].set_ylim(bottom=0.0, top=1.0)
    axesArray[1].legend(loc="upper right")
    figure.suptitle(t=title)
    return figure


def baseline_loss(train_labels, valid_labels):
    """Loss of constant answers."""
    frequencies = numpy.mean(a=train_labels, axis=0, dtype=numpy.float64)
    frequencies = numpy.clip(frequencies, 1e-7, 1.0 - 1e-7)
    films = numpy.asarray(a=valid_labels, dtype=numpy.float64)
    logLikelihood = films @ numpy.log(frequencies) + (1.0 - films) @ numpy.log1p(-frequencies)
    return float(-numpy.sum(a=logLikelihood) / films.size)


def top_genres(probabilities, genres, k=3):
    """The k most probable genres."""
    order = numpy.flip(m=numpy.argsort(a=probabilities, axis=-1, kind="stable"), axis=-1)
    return [(str(genres[int(index)]), float(probabilities[int(index)])) for index in order[0:k:1]]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    """Both models beside the truth."""
    rows = []
    for position in range(0, films.shape[0], 1):
        filmId = films["Id"].iloc[position]
        for modelName, answers in zip(("CNN", "LSTM"), (cnn_probabilities, lstm_probabilities)):
            best = top_genres(probabilities=answers[position], genres=genres, k=k)
            for genreName, probability in best:
                isCorrect = bool(films[genreName].iloc[position] == 1)
                rows.append((filmId, modelName, genreName, probability, isCorrect))
    return pandas.DataFrame(
        data=rows, index=None, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    """One page about one film."""
    figure = matplotlib.pyplot.figure(figsize=(11.0, 8.5), dpi=100)
    posterAxes = figure.add_axes(rect=(0.03, 0.05, 0.40, 0.90))
    posterAxes.imshow(X=poster, interpolation="nearest", aspect="equal")
    posterAxes.set_axis_off()
    overviewLines = textwrap.wrap(text=overview, width=62, break_long_words=True)
    figure.text(x=0.46, y=0.94, s="\n".join(overviewLines), ha="left", va="top", fontsize=10)
    figure.text(x=0.46, y=0.30, s="Truth: " + ", ".join(truth), ha="left", va="top", fontsize=11)
    for horizontal, modelName, best in ((0.46, "CNN", cnn_top), (0.72, "LSTM", lstm_top)):
        figure.text(x=horizontal, y=0.24, s=modelName, ha="left", va="top", fontweight="bold")
        for number, (genreName, probability) in enumerate(iterable=best, start=1):
            figure.text(
                x=horizontal,
                y=0.24 - 0.035 * number,
                s="{0:d}. {1:s}: {2:.2f}".format(number, genreName, probability),
                ha="left",
                va="top",
            )
    return figure

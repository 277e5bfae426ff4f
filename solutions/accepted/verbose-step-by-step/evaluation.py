"""Loops and if-else only; curves in two panels, bars on their side, no helpers."""

import math
import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def plot_history(history, title):
    data = history.history

    # find the names, because keras sometimes writes precision_1 or so
    for key in data.keys():
        if key.lower().startswith("precision"):
            precision_key = key
        if key.lower().startswith("recall"):
            recall_key = key

    number_of_epochs = len(data["loss"])
    epochs = range(1, number_of_epochs + 1)

    fig, axes = plt.subplots(1, 2, figsize=(14, 5))

    # left: the loss
    axes[0].plot(epochs, data["loss"], "b", label="Train")
    axes[0].plot(epochs, data["val_loss"], "r", label="Val")
    axes[0].set_title(f"{title}: Training history")
    axes[0].set_xlabel("Epoch")
    axes[0].set_ylabel("Binary cross-entropy")
    axes[0].legend()

    # right: precision and recall
    axes[1].plot(epochs, data[precision_key], "b", label="Train Precision")
    axes[1].plot(epochs, data["val_" + precision_key], "r", label="Val Precision")
    axes[1].plot(epochs, data[recall_key], "b--", label="Train Recall")
    axes[1].plot(epochs, data["val_" + recall_key], "r--", label="Val Recall")
    axes[1].set_xlabel("Epoch")
    axes[1].set_ylabel("Value")
    axes[1].legend()

    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    number_of_films = len(y_true)
    all_rows = []

    for g in range(len(genres)):
        # count everything
        true_positives = 0
        false_positives = 0
        false_negatives = 0
        for film in range(number_of_films):
            has_genre = y_true[film][g] == 1
            said_genre = y_prob[film][g] >= threshold
            if has_genre and said_genre:
                true_positives = true_positives + 1
            elif said_genre:
                false_positives = false_positives + 1
            elif has_genre:
                false_negatives = false_negatives + 1

        # precision
        if true_positives + false_positives > 0:
            precision = true_positives / (true_positives + false_positives)
        else:
            precision = float("nan")  # not defined

        # recall
        if true_positives + false_negatives > 0:
            recall = true_positives / (true_positives + false_negatives)
        else:
            recall = float("nan")  # not defined

        # f1
        if true_positives > 0:
            f1 = 2 * precision * recall / (precision + recall)
        elif false_positives + false_negatives > 0:
            f1 = 0.0
        else:
            f1 = float("nan")

        support = true_positives + false_negatives
        all_rows.append([precision, recall, f1, support])

    table = pd.DataFrame(
        all_rows, columns=["precision", "recall", "f1", "support"], index=genres
    )
    return table


def plot_genre_scores(scores, title):
    # barh draws from the bottom to the top, so the smallest one must be first
    sorted_scores = scores.sort_values("support")
    positions = np.arange(len(sorted_scores))

    fig, ax = plt.subplots(figsize=(8, 12))
    ax.barh(positions + 0.25, sorted_scores["precision"], height=0.25)
    ax.barh(positions, sorted_scores["recall"], height=0.25)
    ax.barh(positions - 0.25, sorted_scores["f1"], height=0.25)

    labels = []
    for genre in sorted_scores.index:
        number = sorted_scores.loc[genre, "support"]
        labels.append(f"{genre}\n(n={number})")
    ax.set_yticks(positions, labels, fontsize=8)

    ax.legend(["precision", "recall", "f1"])
    ax.set_xlabel("score")
    ax.set_title(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    number_of_train_films = len(train_labels)
    number_of_valid_films = len(valid_labels)
    number_of_genres = len(train_labels[0])

    # frequency of each genre in the training films
    frequencies = []
    for g in range(number_of_genres):
        count = 0
        for film in range(number_of_train_films):
            count = count + train_labels[film][g]
        frequency = count / number_of_train_films
        # clip it, log(0) is not possible
        if frequency < 1e-7:
            frequency = 1e-7
        if frequency > 1 - 1e-7:
            frequency = 1 - 1e-7
        frequencies.append(frequency)

    # sum of the losses of the validation films
    total = 0.0
    for film in range(number_of_valid_films):
        for g in range(number_of_genres):
            if valid_labels[film][g] == 1:
                total = total - math.log(frequencies[g])
            else:
                total = total - math.log(1 - frequencies[g])

    return total / (number_of_valid_films * number_of_genres)


def top_genres(probabilities, genres, k=3):
    # copy, because I overwrite the largest number again and again
    numbers = list(probabilities)
    result = []
    for i in range(k):
        largest = max(numbers)
        position = numbers.index(largest)
        result.append((genres[position], float(largest)))
        numbers[position] = -1.0
    return result


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    ids = []
    models = []
    names = []
    probabilities = []
    corrects = []

    for i in range(len(films)):
        film = films.iloc[i]
        # first the CNN
        for genre, probability in top_genres(cnn_probabilities[i], genres, k):
            ids.append(film["Id"])
            models.append("CNN")
            names.append(genre)
            probabilities.append(probability)
            if film[genre] == 1:
                corrects.append(True)
            else:
                corrects.append(False)
        # then the LSTM
        for genre, probability in top_genres(lstm_probabilities[i], genres, k):
            ids.append(film["Id"])
            models.append("LSTM")
            names.append(genre)
            probabilities.append(probability)
            if film[genre] == 1:
                corrects.append(True)
            else:
                corrects.append(False)

    table = pd.DataFrame()
    table["Id"] = ids
    table["Model"] = models
    table["Genre"] = names
    table["Probability"] = probabilities
    table["Correct"] = corrects
    return table


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    cnn_text = ""
    for genre, probability in cnn_top:
        cnn_text = cnn_text + genre + " (" + format(probability, ".2f") + ")  "
    lstm_text = ""
    for genre, probability in lstm_top:
        lstm_text = lstm_text + genre + " (" + format(probability, ".2f") + ")  "

    fig = plt.figure(figsize=(8, 9))
    plt.imshow(poster)
    plt.axis("off")
    plt.title(
        "Truth: " + str(truth) + "\nCNN: " + cnn_text + "\nLSTM: " + lstm_text,
        fontsize=9,
    )
    plt.figtext(0.5, 0.02, textwrap.fill(overview, 70), ha="center")
    return fig

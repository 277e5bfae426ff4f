"""Lets TensorFlow rank, count and divide; names are np.str_, numbers np.float32."""
import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf


def plot_history(history, title):
    h = history.history
    fig, ax = plt.subplots(figsize=(10, 6))
    ax2 = ax.twinx()  # the loss on the left, scores on the right
    epochs = tf.range(len(h["loss"])).numpy() + 1
    handles = []
    for name, color, axis in [("loss", "k", ax), ("precision", "b", ax2), ("recall", "g", ax2)]:
        key = [k for k in h if k.startswith(name)][0]
        handles += axis.plot(epochs, h[key], color=color, ls="-", label="training " + name)
        handles += axis.plot(epochs, h["val_" + key], color=color, ls="--", label="validation " + name)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax2.set_ylabel("precision, recall")
    ax2.set_ylim(0, 1)
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncol=3)
    ax.set_title(title)
    fig.tight_layout()
    return fig


@tf.function
def count(y_true, y_prob, threshold):
    truth = tf.cast(y_true, tf.float64)
    said = tf.cast(y_prob > threshold, tf.float64)
    tp = tf.reduce_sum(truth * said, axis=0)
    precision = tf.math.divide_no_nan(tp, tf.reduce_sum(said, axis=0))
    recall = tf.math.divide_no_nan(tp, tf.reduce_sum(truth, axis=0))
    f1 = tf.math.divide_no_nan(2 * precision * recall, precision + recall)
    return tf.stack([precision, recall, f1, tf.reduce_sum(truth, axis=0)], axis=1)


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    y_prob = tf.cast(y_prob, tf.float64)
    scores = count(tf.constant(y_true), y_prob, tf.constant(threshold, tf.float64))
    return pd.DataFrame(scores.numpy(), index=genres, columns=["precision", "recall", "f1", "support"])


def plot_genre_scores(scores, title):
    order = tf.argsort(scores["support"].to_numpy(), direction="DESCENDING", stable=True).numpy()
    scores = scores.iloc[order]
    fig, axes = plt.subplots(4, 1, figsize=(14, 14), sharex=True)
    for ax, column, color in zip(axes, ["precision", "recall", "f1", "support"], "bgrk"):
        ax.bar(scores.index, scores[column], color=color, alpha=0.6)
        ax.set_ylabel(column)
    axes[-1].tick_params(axis="x", rotation=60)
    fig.suptitle(title)
    fig.tight_layout()
    return fig


def baseline_loss(train_labels, valid_labels):
    frequencies = tf.reduce_mean(tf.cast(train_labels, tf.float32), axis=0)
    truth = tf.cast(valid_labels, tf.float32)
    answers = tf.broadcast_to(frequencies, tf.shape(truth))
    return tf.reduce_mean(tf.keras.losses.binary_crossentropy(truth, answers)).numpy().item()


def top_genres(probabilities, genres, k=3):
    values, indices = tf.math.top_k(tf.cast(probabilities, tf.float32), k=k)
    names = np.array(genres)[indices.numpy()]
    return list(zip(names, values.numpy()))


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    truth = tf.constant(films[list(genres)].to_numpy())
    tables = []
    for model, probabilities in [("CNN", cnn_probabilities), ("LSTM", lstm_probabilities)]:
        values, indices = tf.math.top_k(probabilities, k=k)
        correct = tf.gather(truth, indices, batch_dims=1)
        table = pd.DataFrame()
        table["Id"] = np.repeat(films["Id"].to_numpy(), k)
        table["Model"] = model
        table["Genre"] = np.array(genres)[tf.reshape(indices, [-1]).numpy()]
        table["Probability"] = tf.reshape(values, [-1]).numpy()
        table["Correct"] = tf.reshape(correct, [-1]).numpy() == 1
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(12, 8))
    ax = plt.subplot(1, 2, 1)
    ax.imshow(tf.image.convert_image_dtype(poster, tf.float32).numpy())
    ax.set_axis_off()
    ax.set_title("Truth: " + ", ".join(truth))
    ax = plt.subplot(1, 2, 2)
    ax.set_axis_off()
    text = textwrap.fill(overview, 55)
    for name, top in (("CNN", cnn_top), ("LSTM", lstm_top)):
        text += "\n\n" + name
        for genre, p in top:
            text += "\n  %-12s %.2f" % (genre, p)
    ax.text(0, 1, text, va="top", family="monospace", fontsize=9)
    return fig

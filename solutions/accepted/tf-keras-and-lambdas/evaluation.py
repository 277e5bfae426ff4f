"""Sorts with lambdas; puts precision and recall on one axis, and bars on their side."""
import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf


def plot_history(history, title):
    h = history.history
    p, r = (next(filter(lambda k: k.lower().startswith(s), h)) for s in ('p', 'r'))
    epochs = range(1, len(h['loss']) + 1)
    fig, axes = plt.subplots(1, 2, figsize=(14, 5))
    axes[0].plot(epochs, h['loss'], 'b', label='Train')
    axes[0].plot(epochs, h['val_loss'], 'r', label='Val')
    axes[0].set_title(f'{title}: Training history')
    axes[0].set_ylabel('Binary cross-entropy')
    axes[0].legend()
    axes[1].plot(epochs, h[p], 'b', label='Train Precision')
    axes[1].plot(epochs, h[f'val_{p}'], 'r', label='Val Precision')
    axes[1].plot(epochs, h[r], 'b--', label='Train Recall')
    axes[1].plot(epochs, h[f'val_{r}'], 'r--', label='Val Recall')
    axes[1].set_ylabel('Value')
    axes[1].legend()
    for ax in axes: ax.set_xlabel('Epoch')
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    y, s = tf.cast(y_true, tf.float64), tf.cast(y_prob > threshold, tf.float64)
    count = lambda x: tf.reduce_sum(x, axis=0)
    ratio = lambda a, b: tf.math.divide_no_nan(a, b).numpy()
    tp = count(y * s)
    return pd.DataFrame({
        'precision': ratio(tp, count(s)),
        'recall': ratio(tp, count(y)),
        'f1': ratio(2 * tp, count(s) + count(y)),
        'support': count(y).numpy(),
    }, index=genres)


def plot_genre_scores(scores, title):
    scores = scores.sort_values('support')
    y = np.arange(len(scores))
    fig, ax = plt.subplots(figsize=(8, 12))
    ax.barh(y + 0.25, scores.precision, height=0.25)
    ax.barh(y, scores.recall, height=0.25)
    ax.barh(y - 0.25, scores.f1, height=0.25)
    ax.set_yticks(y, [f'{g}\n(n={n:.0f})' for g, n in scores.support.items()], fontsize=8)
    ax.legend(['precision', 'recall', 'f1'])
    ax.set_title(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    f = tf.reduce_mean(tf.cast(train_labels, tf.float64), axis=0)
    f = tf.clip_by_value(f, 1e-7, 1 - 1e-7)
    y = tf.cast(valid_labels, tf.float64)
    return float(-tf.reduce_mean(y * tf.math.log(f) + (1 - y) * tf.math.log(1 - f)))


top_genres = lambda probabilities, genres, k=3: sorted(
    zip(genres, map(float, probabilities)), key=lambda pair: -pair[1]
)[:k]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    row = lambda film, model: lambda pair: (film.Id, model, *pair, bool(film[pair[0]]))
    rows = []
    for (_, film), c, l in zip(films.iterrows(), cnn_probabilities, lstm_probabilities):
        rows += map(row(film, 'CNN'), top_genres(c, genres, k))
        rows += map(row(film, 'LSTM'), top_genres(l, genres, k))
    return pd.DataFrame(rows, columns='Id Model Genre Probability Correct'.split())


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(8, 9))
    plt.imshow(poster)
    plt.axis('off')
    show = lambda top: ', '.join(f'{g} ({p:.2f})' for g, p in top)
    plt.title(f'Truth: {truth}\nCNN: {show(cnn_top)}\nLSTM: {show(lstm_top)}', fontsize=9)
    plt.figtext(0.5, 0.02, textwrap.fill(overview, 70), ha='center')
    return fig

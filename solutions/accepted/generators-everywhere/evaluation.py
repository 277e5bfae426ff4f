"""Generator expressions, sorted() with a key, and a film told in a text table."""
import itertools
import math
import textwrap

import matplotlib.pyplot as plt
import pandas as pd


def _curves(history):
    """Yield quantity, split and values of every curve that is asked for."""
    for what, prefix in itertools.product(('loss', 'precision', 'recall'), ('', 'val_')):
        key = next(k for k in history.history if k.startswith(prefix + what))
        yield what, 'validation' if prefix else 'training', history.history[key]


def plot_history(history, title):
    fig, ax = plt.subplots(figsize=(9, 6))
    colors = {'loss': 'k', 'precision': 'C0', 'recall': 'C3'}
    for what, split, values in _curves(history):
        ax.plot(range(1, len(values) + 1), values, colors[what],
                ls='-' if split == 'training' else ':', label=f'{split} {what}')
    ax.set_title(title)
    ax.set_xlabel('Epoch')
    ax.legend(ncols=3)
    plt.close(fig)      # otherwise the notebook shows it twice
    return fig


def _scores(truths, answers):
    pairs = list(zip(truths, answers))
    tp = sum(t and a for t, a in pairs)
    fp = sum(a and not t for t, a in pairs)
    fn = sum(t and not a for t, a in pairs)
    yield tp / (tp + fp) if tp + fp else 0.0
    yield tp / (tp + fn) if tp + fn else 0.0
    yield tp / (tp + (fp + fn) / 2) if tp + fp + fn else 0.0
    yield tp + fn


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    columns = zip((y_true == 1).T.tolist(), (y_prob > threshold).T.tolist())
    return pd.DataFrame((_scores(*column) for column in columns), index=genres,
                        columns=['precision', 'recall', 'f1', 'support'])


def plot_genre_scores(scores, title):
    rows = sorted(scores.itertuples(), key=lambda row: -row.support)
    fig, axes = plt.subplots(1, 3, sharey=True, figsize=(13, 8))
    for ax, name in zip(axes, ('precision', 'recall', 'f1')):
        ax.barh([row.Index for row in rows], [getattr(row, name) for row in rows])
        ax.set_title(name)
    axes[0].invert_yaxis()
    fig.suptitle(title)
    fig.subplots_adjust(left=0.12, right=0.98)
    plt.close(fig)
    return fig


def baseline_loss(train_labels, valid_labels):
    def losses():
        for train, valid in zip(train_labels.T.tolist(), valid_labels.T.tolist()):
            p = min(max(sum(train) / len(train), 1e-7), 1 - 1e-7)
            yield from (-math.log(p if label else 1 - p) for label in valid)

    return math.fsum(losses()) / valid_labels.size


def top_genres(probabilities, genres, k=3):
    pairs = zip(genres, map(float, probabilities))
    return sorted(pairs, key=lambda pair: pair[1], reverse=True)[:k]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    def rows():
        answers = zip(cnn_probabilities, lstm_probabilities)
        for film, answer in zip(films.to_dict(orient='records'), answers):
            for model, probabilities in zip(('CNN', 'LSTM'), answer):
                for genre, p in top_genres(probabilities, genres, k):
                    yield film['Id'], model, genre, p, film[genre] == 1

    return pd.DataFrame(rows(), columns='Id Model Genre Probability Correct'.split())


def _table(truth, cnn_top, lstm_top):
    """Yield the lines of a table that needs a font of fixed width."""
    yield 'TRUE GENRES: ' + ', '.join(truth)
    yield ''
    yield f"{'CNN':<24}{'LSTM':<24}"
    yield '-' * 44
    for (g1, p1), (g2, p2) in itertools.zip_longest(cnn_top, lstm_top):
        yield f'{g1:<14}{p1:>6.2f}    {g2:<14}{p2:>6.2f}'


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(11, 6))
    ax = fig.add_axes((0.02, 0.05, 0.3, 0.9))
    ax.imshow(poster)
    ax.axis('off')
    text = '\n'.join(itertools.chain(textwrap.wrap(overview, 66), [''],
                                     _table(truth, cnn_top, lstm_top)))
    fig.text(0.36, 0.93, text, family='monospace', va='top', fontsize=10)
    plt.close(fig)
    return fig

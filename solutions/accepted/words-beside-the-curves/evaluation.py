"""Writes words beside the curves in place of a legend, and shows scores in percent."""
import textwrap
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def plot_history(history, title):
    # precision_1 -> precision, Precision -> precision
    scores = {k.rstrip('_0123456789').lower(): v for k, v in history.history.items()}
    epochs = np.arange(len(scores['loss']))
    fig, axes = plt.subplots(1, 3, figsize=(15, 4), constrained_layout=True)
    for ax, name in zip(axes, ('loss', 'precision', 'recall')):
        for key, word in ((name, 'train'), ('val_' + name, 'valid')):
            values = np.array(scores[key]) * (1 if name == 'loss' else 100)
            # Training scores are means over an epoch, which ends later.
            ax.plot(epochs + (0.5 if word == 'train' else 1), values)
            ax.text(epochs[-1] + 1.1, values[-1], word)
        ax.axvline(np.argmin(scores['val_loss']) + 1, ls=':', color='0.5')
        ax.set_ylabel(name if name == 'loss' else f'{name} (%)')
        ax.set_title('Training history')
    axes[0].axhline(0.2346, color='k', ls='--')
    axes[0].annotate('baseline', (0, 0.2346))
    if 'learning_rate' in scores:
        rates = axes[0].twinx()
        rates.plot(epochs, scores['learning_rate'], color='green', alpha=0.3)
        rates.set_ylabel('learning rate')
    fig.suptitle(title.upper())
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    t, s = np.asarray(y_true) == 1, np.asarray(y_prob) > threshold
    tp, fp, fn = (t & s).sum(0), (~t & s).sum(0), (t & ~s).sum(0)
    with np.errstate(invalid='ignore'):
        p, r, f = tp / (tp + fp), tp / (tp + fn), tp / (tp + (fp + fn) / 2)
    table = pd.DataFrame(np.nan_to_num([p, r, f]).T, genres, ['precision', 'recall', 'f1'])
    table['support'] = tp + fn
    return table


def plot_genre_scores(scores, title):
    scores = scores.sort_values('support', ascending=False).reset_index(names='genre')
    fig, axes = plt.subplots(1, 4, figsize=(16, 10), sharey=True)
    columns = ['support', 'precision', 'recall', 'f1']
    for ax, column in zip(axes, columns):
        factor = 1 if column == 'support' else 100
        ax.barh(scores.index, scores[column] * factor)
        ax.set_xlabel(column if column == 'support' else f'{column} (%)')
    for i, genre in scores['genre'].items():
        axes[0].text(0, i, f'{genre} ', ha='right', va='center')
    axes[0].set_yticks([])
    axes[0].invert_yaxis()
    fig.suptitle(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    f = np.clip(train_labels.mean(0), 1e-7, 1 - 1e-7)
    # probability that was given to what is true
    given = np.where(valid_labels, f, 1 - f)
    return float(-np.log(given).mean())


def top_genres(probabilities, genres, k=3):
    best = np.argpartition(-np.asarray(probabilities), k - 1)[:k]
    best = best[np.argsort(-np.asarray(probabilities)[best])]
    return [(genres[i], float(probabilities[i])) for i in best]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    films = films.reset_index(drop=True)
    truth = films[list(genres)].to_numpy()
    parts = []
    for model, p in {'LSTM': lstm_probabilities, 'CNN': cnn_probabilities}.items():
        order = np.argsort(-p, axis=1)[:, :k].ravel()
        film = np.repeat(np.arange(len(films)), k)
        parts.append(pd.DataFrame({
            'Model': model,
            'Id': films['Id'].to_numpy()[film],
            'Genre': np.array(genres)[order],
            'Correct': truth[film, order],
            'Probability': p[film, order],
            'Rank': np.tile(np.arange(k), len(films)),
        }))
    return pd.concat(parts).sort_values(['Id', 'Rank'])


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, axes = plt.subplots(1, 3, figsize=(14, 8))
    fig.subplots_adjust(top=0.78)  # room for the longest overview
    axes[0].imshow(np.asarray(poster)[::2, ::2])  # every second pixel is enough
    axes[0].set_title(textwrap.fill(overview, 45), fontsize=8)
    axes[0].set_xlabel(f'truth: {truth}')
    for ax, name, top in ((axes[1], 'cnn', cnn_top), (axes[2], 'BiLSTM', lstm_top)):
        ax.bar([g for g, _ in top], [p for _, p in top])
        for i, (_, p) in enumerate(top):
            ax.annotate(f'{100 * p:.2f} %', (i, p))
        ax.set_xlabel(name)
    return fig

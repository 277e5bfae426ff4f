"""Counts film by film and draws bar by bar; one legend serves all panels."""
import math
import textwrap

import matplotlib.pyplot as plt
import pandas as pd


def plot_history(history, title):
    fig, axes = plt.subplots(3, 1, sharex=True, figsize=(6, 10))
    position = 0
    for name in ['loss', 'precision', 'recall']:
        for key in history.history:
            if key.startswith(name):
                train = history.history[key]
            if key.startswith('val_' + name):
                valid = history.history[key]
        ax = axes[position]
        train_line, = ax.plot(train, 'o-', color='navy')
        valid_line, = ax.plot(valid, 's-', color='crimson')
        ax.set_ylabel(name.upper())
        position += 1
    axes[2].set_xlabel('Epoch')
    fig.legend([train_line, valid_line], ['training set', 'validation set'], loc='lower center', ncol=2)
    fig.suptitle(textwrap.fill(title, 10))
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    rows = []
    for g in range(len(genres)):
        tp = 0
        fp = 0
        fn = 0
        for film in range(len(y_true)):
            said = y_prob[film][g] >= threshold
            has = y_true[film][g] == 1
            if said and has:
                tp += 1
            elif said:
                fp += 1
            elif has:
                fn += 1
        # nothing to divide by: not a number
        precision = recall = f1 = float('nan')
        if tp + fp > 0:
            precision = tp / (tp + fp)
        if tp + fn > 0:
            recall = tp / (tp + fn)
        if tp > 0:
            f1 = 2 * precision * recall / (precision + recall)
        rows.append([precision, recall, f1, tp + fn])
    return pd.DataFrame(rows, columns=['precision', 'recall', 'f1', 'support'], index=genres)


def plot_genre_scores(scores, title):
    # Genres without films have no scores to draw.
    scores = scores[scores['support'] > 0].sort_values('support', ascending=False)
    fig, ax = plt.subplots(figsize=(20, 6))
    i = 0
    for genre, row in scores.iterrows():
        labels = [None, None, None]
        if i == 0:
            labels = ['P', 'R', 'F1']
        ax.bar(i - 0.25, row['precision'], 0.25, color='C0', label=labels[0])
        ax.bar(i, row['recall'], 0.25, color='C1', label=labels[1])
        ax.bar(i + 0.25, row['f1'], 0.25, color='C2', label=labels[2])
        i += 1
    ax.set_xticks(range(len(scores)), scores.index, rotation=45, ha='right')
    ax.set_ylabel('score')
    ax.legend()
    counts = ax.twinx()
    counts.plot(range(len(scores)), scores['support'], 'k.-', label='support')
    counts.set_ylabel('Films')
    fig.suptitle(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    total = 0.0
    for g in range(len(train_labels[0])):
        films = 0
        for row in train_labels:
            films += row[g]
        p = films / len(train_labels)
        if p < 1e-7:
            p = 1e-7
        if p > 1 - 1e-7:
            p = 1 - 1e-7
        for row in valid_labels:
            if row[g] == 1:
                total -= math.log(p)
            else:
                total -= math.log(1 - p)
    return float(total / (len(valid_labels) * len(valid_labels[0])))


def top_genres(probabilities, genres, k=3):
    # take the largest, cross it out, take the next one
    left = list(probabilities)
    top = []
    while len(top) < k:
        best = 0
        for i in range(len(left)):
            if left[i] > left[best]:
                best = i
        top.append((genres[best], float(probabilities[best])))
        left[best] = -1
    return top


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = {'Id': [], 'Model': [], 'Genre': [], 'Probability': [], 'Correct': []}
    i = 0
    for _, film in films.iterrows():
        for model in ['CNN', 'LSTM']:
            if model == 'CNN':
                top = top_genres(cnn_probabilities[i], genres, k)
            else:
                top = top_genres(lstm_probabilities[i], genres, k)
            for genre, probability in top:
                table['Id'].append(film['Id'])
                table['Model'].append(model)
                table['Genre'].append(genre)
                table['Probability'].append(probability)
                table['Correct'].append(bool(film[genre]))
        i += 1
    return pd.DataFrame(table)


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, right) = plt.subplots(1, 2, figsize=(13, 6))
    if poster.dtype == 'uint8':
        poster = poster / 255.0
    left.imshow(poster)
    left.set_xticks([])
    left.set_yticks([])
    right.set_axis_off()
    y = 0.95
    for line in textwrap.wrap(overview, 50):
        right.text(0, y, line)
        y -= 0.05
    y -= 0.05
    right.text(0, y, 'True genres')
    y -= 0.05
    x = 0
    for genre in truth:
        right.text(x, y, genre, color='green')
        x += 0.3
    y -= 0.1
    x = 0
    for model, top in [('CNN', cnn_top), ('LSTM', lstm_top)]:
        right.text(x, y, model, weight='bold')
        line = y
        for genre, probability in top:
            line -= 0.05
            right.text(x, line, genre)
            right.text(x + 0.3, line, format(probability, '.2f'))
        x += 0.5
    return fig

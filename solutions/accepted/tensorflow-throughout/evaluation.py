"""Counts, ranks and losses are tf operations; panels come from a mosaic."""
import matplotlib.pyplot as plt
import pandas as pd
import tensorflow as tf


def plot_history(history, title):
    fig, panels = plt.subplot_mosaic('LP;LR', figsize=(12, 7), layout='tight')
    fig.suptitle(title)
    for panel, what in zip('LPR', ('loss', 'precision', 'recall')):
        ax = panels[panel]
        for key, values in history.history.items():
            if what in key:
                split = 'validation' if key.startswith('val_') else 'training'
                ax.plot(values, label=f'{split} {what}', marker='.')
        ax.set(xlabel='epoch', ylabel=what)
        ax.legend()
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    true = tf.cast(y_true, tf.float64)
    said = tf.cast(tf.greater(tf.cast(y_prob, tf.float64), threshold), tf.float64)
    tp = tf.reduce_sum(true * said, axis=0)
    precision = tf.math.divide_no_nan(tp, tf.reduce_sum(said, 0))
    recall = tf.math.divide_no_nan(tp, tf.reduce_sum(true, 0))
    f1 = tf.math.divide_no_nan(2 * precision * recall, precision + recall)
    support = tf.math.count_nonzero(true, axis=0)
    return pd.DataFrame({
        'precision': precision.numpy(),
        'recall': recall.numpy(),
        'f1': f1.numpy(),
        'support': support.numpy(),
    }, index=list(genres))


def plot_genre_scores(scores, title):
    order = tf.argsort(scores['support'].to_numpy(), direction='DESCENDING', stable=True)
    scores = scores.iloc[order.numpy()]
    fig, panels = plt.subplots(3, 1, sharex=True, figsize=(11, 9), layout='tight')
    for ax, what in zip(panels, ('precision', 'recall', 'f1')):
        ax.bar(scores.index, scores[what], color='tab:purple')
        ax.set_ylabel(what)
        ax.set_ylim(0, 1)
    panels[-1].tick_params(axis='x', labelrotation=90)
    fig.suptitle(title)
    return fig


def baseline_loss(train_labels, valid_labels):
    p = tf.reduce_mean(tf.cast(train_labels, tf.float64), axis=0)
    p = tf.clip_by_value(p, 1e-7, 1 - 1e-7)
    y = tf.cast(valid_labels, tf.float64)
    loss = -(y * tf.math.log(p) + (1 - y) * tf.math.log1p(-p))
    return float(tf.reduce_mean(loss))


def top_genres(probabilities, genres, k=3):
    values, indices = tf.math.top_k(tf.cast(probabilities, tf.float32), k=k)
    names = tf.gather(list(genres), indices).numpy().astype(str)
    return list(zip(names, values.numpy()))


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    both = tf.stack([cnn_probabilities, lstm_probabilities], axis=1)
    values, indices = tf.math.top_k(both, k=k)              # (films, 2, k)
    truth = films[list(genres)].to_numpy()
    correct = tf.gather(truth, indices, batch_dims=1)
    shape = tf.shape(values)
    ids = tf.broadcast_to(films['Id'].to_numpy().astype(str)[:, None, None], shape)
    models = tf.broadcast_to(tf.constant(['CNN', 'LSTM'])[None, :, None], shape)

    def flat(tensor):
        return tf.reshape(tensor, [-1]).numpy()

    return pd.DataFrame({
        'Id': flat(ids).astype(str),
        'Model': flat(models).astype(str),
        'Genre': flat(tf.gather(tf.constant(list(genres)), indices)).astype(str),
        'Probability': flat(values),
        'Correct': flat(correct) == 1,
    })


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, panels = plt.subplot_mosaic('PC;PL;TT', figsize=(9, 9),
                                     height_ratios=[2, 2, 1.3], layout='tight')
    panels['P'].imshow(tf.image.convert_image_dtype(poster, tf.float32).numpy())
    panels['P'].set_title('true: ' + ', '.join(truth))
    for panel, model, top in (('C', 'CNN', cnn_top), ('L', 'LSTM', lstm_top)):
        names, values = zip(*top)
        bars = panels[panel].bar(names, values)
        panels[panel].bar_label(bars, fmt='%.2f')
        panels[panel].set_title(model)
        panels[panel].set_ylim(0, 1.1)
    lines, line = [], ''
    for word in overview.split():
        if len(line) + len(word) > 85:
            lines, line = [*lines, line], ''
        line = f'{line} {word}'.strip()
    panels['T'].text(0, 1, '\n'.join([*lines, line]), va='top')
    panels['P'].axis('off')
    panels['T'].axis('off')
    return fig

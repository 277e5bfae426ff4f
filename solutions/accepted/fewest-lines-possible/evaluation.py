"""Says everything in as few lines as it takes, figures included."""
import keras, numpy as np, pandas as pd, matplotlib.pyplot as plt
from textwrap import fill


def plot_history(history, title):
	fig, ax = plt.subplots(figsize=(9, 5))
	for key, values in history.history.items():
		if key != 'learning_rate': ax.plot(values, '--' if key.startswith('val_') else '-', label=key)
	ax.set(title=title, xlabel='epoch'); ax.legend(loc='center left', bbox_to_anchor=(1, .5)); fig.tight_layout()
	return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
	t, s = y_true > 0, y_prob > threshold
	return pd.DataFrame({'tp': (t & s).sum(0), 'said': s.sum(0), 'support': t.sum(0)}, genres).assign(
		precision=lambda d: d.tp / d.said, recall=lambda d: d.tp / d.support, f1=lambda d: 2 * d.tp / (d.said + d.support)
	)[['precision', 'recall', 'f1', 'support']].fillna(0)


def plot_genre_scores(scores, title):
	ax = scores.sort_values('support', ascending=False)[['precision', 'recall', 'f1']].plot.bar(figsize=(18, 6), title=title, width=.8)
	ax.figure.tight_layout(); return ax.figure


def baseline_loss(train_labels, valid_labels):
	p = np.clip(np.mean(train_labels, 0), 1e-7, 1 - 1e-7)
	return -float(np.log(np.abs(1 - valid_labels - p)).mean())


def top_genres(probabilities, genres, k=3): return sorted(zip(genres, probabilities), key=lambda gp: gp[1])[:-k - 1:-1]


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
	return pd.DataFrame([dict(Id=f['Id'], Model=m, Genre=g, Probability=p, Correct=f[g] == 1)
	                     for (_, f), *both in zip(films.iterrows(), cnn_probabilities, lstm_probabilities)
	                     for m, a in zip(('CNN', 'LSTM'), both) for g, p in top_genres(a, genres, k)])


def plot_film(poster, overview, truth, cnn_top, lstm_top):
	fig, ax = plt.subplots(figsize=(8, 10)); ax.imshow(poster); ax.axis('off')
	show = lambda top: ', '.join(f'{g} {p:.2f}' for g, p in top)
	ax.set_title(f'Truth: {", ".join(truth)}\nCNN: {show(cnn_top)}\nLSTM: {show(lstm_top)}')
	fig.text(.5, .02, fill(overview, 80), ha='center'); fig.subplots_adjust(bottom=.25)
	return fig

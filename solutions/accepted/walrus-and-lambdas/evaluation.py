"""Comprehensions and walruses; one panel with a second axis for the loss."""
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.pyplot import figure, subplots


def plot_history(history, title):
	(fig, ax), h = subplots(figsize=(9, 5)), history.history
	ax2 = ax.twinx()
	for a, q, c in (ax2, "loss", "k"), (ax, "precision", "b"), (ax, "recall", "r"):
		for pre, style in ("", "--"), ("val_", "-"):
			k = next(k for k in h if k.startswith(pre + q))
			a.plot(range(1, len(h[k]) + 1), h[k], c + style, label=f"{'valid' if pre else 'train'} {q}")
	ax.set(title=title, xlabel="Epoch", ylabel="Precision / Recall"); ax2.set_ylabel("Loss"); ax2.set_yscale("log")
	ax.legend(loc="upper left"); ax2.legend(loc="upper right")
	return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
	t, a = y_true == 1, y_prob > threshold
	return pd.DataFrame([dict(
		precision=p, recall=r, f1=2 * p * r / (p + r) if p + r else 0, support=n)
		for T, A in zip(t.T, a.T)
		if [p := (T & A).sum() / max(A.sum(), 1), n := T.sum(), r := (T & A).sum() / max(n, 1)]
	], genres)


def plot_genre_scores(scores, title):
	s, (fig, axs) = scores.sort_values("support"), subplots(1, 3, sharey=True, figsize=(12, 8), layout="compressed")
	for ax, c in zip(axs, s.columns): ax.barh([*s.index], s[c].fillna(0), color=["C0" if n else "0.8" for n in s.support]); ax.set_xlabel(c)
	fig.suptitle(title); return fig


def baseline_loss(train_labels, valid_labels):
	return float(-np.log(np.abs(1 - valid_labels - train_labels.mean(0).clip(1e-7, 1 - 1e-7))).mean())


top_genres = lambda probabilities, genres, k=3: sorted(zip(genres, map(float, probabilities)), key=lambda t: -t[1])[:k]

compare_films = lambda films, cnn_probabilities, lstm_probabilities, genres, k=3: pd.DataFrame([
	dict(Id=f.Id, Model=m, Genre=g, Probability=p, Correct=bool(f[g]))
	for (_, f), *answers in zip(films.iterrows(), cnn_probabilities, lstm_probabilities)
	for m, a in zip(("CNN", "LSTM"), answers)
	for g, p in top_genres(a, genres, k)
])


def plot_film(poster, overview, truth, cnn_top, lstm_top):
	fig = figure(figsize=(7, 10), layout="constrained")
	(ax := fig.add_subplot()).imshow(poster); ax.set_axis_off()
	fig.suptitle(fill(overview, 75), fontsize=9)
	show = lambda top: ", ".join(f"{g} {p:.2f}" for g, p in top)
	fig.supxlabel(f"truth: {', '.join(truth)}\nCNN: {show(cnn_top)}\nLSTM: {show(lstm_top)}", fontsize=9)
	return fig

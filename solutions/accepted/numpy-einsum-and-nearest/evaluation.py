"""einsum counts, argsort ranks whole arrays; legends are made of patches."""
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

COLORS = np.array(["tab:blue", "tab:orange", "tab:green"])


def _series(history, name):
    keys = np.array(list(history.history))
    stems = np.char.rstrip(np.char.rstrip(keys, "0123456789"), "_")
    return np.array(history.history[keys[stems == name][0]])


def plot_history(history, title):
    """Colour is the quantity, line style is the split."""
    fig, (ax1, ax2) = plt.subplots(2, 1, figsize=(8, 8), sharex=True)
    for ax, names in ((ax1, ["loss"]), (ax2, ["precision", "recall"])):
        handles = []
        for name, color in zip(names, COLORS):
            train, valid = _series(history, name), _series(history, "val_" + name)
            x = np.arange(train.size)
            ax.plot(x, train, color=color, ls="--")
            ax.plot(x, valid, color=color, ls="-")
            ax.fill_between(x, train, valid, color=color, alpha=0.1)
            handles += [Line2D([], [], color=color, ls="--", label=name + ", training"),
                        Line2D([], [], color=color, ls="-", label=name + ", validation")]
        ax.legend(handles=handles)
    ax1.set_title(title)
    ax2.set_xlabel("epoch")
    return fig


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    y = np.asarray(y_true).astype(float)
    a = (np.asarray(y_prob) > threshold).astype(float)
    tp = np.einsum("fg,fg->g", y, a)
    said, true = np.einsum("fg->g", a), np.einsum("fg->g", y)
    with np.errstate(invalid="ignore", divide="ignore"):
        table = np.stack([tp / said, tp / true, 2 * tp / (said + true)])
    table = np.nan_to_num(table, nan=0.0)
    return pd.DataFrame(np.vstack([table, true]).T, index=genres,
                        columns=["precision", "recall", "f1", "support"])


def plot_genre_scores(scores, title):
    order = np.argsort(-scores["support"].to_numpy(), kind="stable")
    names = scores.index.to_numpy()[order]
    values = scores[["precision", "recall", "f1"]].to_numpy()[order]
    n, m = values.shape
    x = np.arange(n)[:, None] + np.linspace(-0.27, 0.27, m)
    fig, ax = plt.subplots(figsize=(16, 6))
    ax.bar(x.ravel(), values.ravel(), width=0.26, color=np.tile(COLORS, n))
    ax.set_xticks(np.arange(n), names, rotation=90)
    ax.set_xlim(-0.6, n - 0.4)
    labels = ["Precision", "Recall", "F1 score"]
    ax.legend(handles=[Patch(color=c, label=label) for c, label in zip(COLORS, labels)])
    ax.set_title(title)
    fig.tight_layout()
    return fig


def baseline_loss(train_labels, valid_labels):
    p = np.clip(np.mean(train_labels, axis=0), 1e-7, 1 - 1e-7)
    logs = np.log(np.stack([1 - p, p]))
    picked = np.take_along_axis(logs, np.asarray(valid_labels).astype(int), axis=0)
    return -picked.mean()


def top_genres(probabilities, genres, k=3):
    p = np.asarray(probabilities)
    best = np.argsort(p)[-k:][::-1]
    return list(zip(np.asarray(genres)[best], p[best]))


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    n = len(films)
    p = np.stack([lstm_probabilities, cnn_probabilities])           # (2, n, genres)
    order = np.argsort(-p, axis=-1)[..., :k]                        # (2, n, k)
    truth = films[list(genres)].to_numpy()
    film = np.broadcast_to(np.arange(n)[None, :, None], order.shape)
    columns = {
        "Model": np.broadcast_to(np.array(["LSTM", "CNN"])[:, None, None], order.shape),
        "Id": films["Id"].to_numpy()[film],
        "Genre": np.asarray(genres)[order],
        "Correct": truth[film, order],                              # 0 or 1
        "Probability": np.take_along_axis(p, order, axis=-1),
        "Rank": np.broadcast_to(np.arange(k), order.shape),
    }
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    return table.sort_values(["Id", "Rank"])


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 6))
    left.imshow(np.asarray(poster))
    left.axis("off")
    left.set_title(" & ".join(truth))
    words = np.array(overview.split())
    lengths = np.cumsum(np.char.str_len(words) + 1) if words.size else np.zeros(0)
    lines = [" ".join(words[lengths // 60 == i]) for i in np.unique(lengths // 60)]
    fig.text(0.35, 0.98, "\n".join(lines), va="top")
    for ax, model, top in ((middle, "CNN", cnn_top), (right, "LSTM", lstm_top)):
        names, values = np.array([g for g, _ in top]), np.array([p for _, p in top])
        ax.barh(np.arange(names.size), values, color="lightsteelblue")
        ax.set_yticks([])
        ax.set_xlim(0, 1)
        ax.invert_yaxis()
        ax.set_xlabel(model)
        for i in range(names.size):
            ax.text(0.02, i, f"{names[i]} ({values[i]:.2f})", va="center")
    fig.subplots_adjust(top=0.72)
    return fig

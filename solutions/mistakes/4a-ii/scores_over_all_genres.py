"""One score for all genres together, repeated.

Breaks: yes-or-no
"""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth, answers = np.asarray(y_true) > 0, np.asarray(y_prob) > threshold
    hits, said, support = (truth & answers).sum(), answers.sum(), truth.sum(0)
    columns = {
        "precision": hits / said,
        "recall": hits / support.sum(),
        "f1": 2 * hits / (said + support.sum()),
        "support": support,
    }
    return pd.DataFrame(columns, index=list(genres))

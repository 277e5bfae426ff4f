"""The share of right answers, true negatives included, as precision.

Breaks: precision
"""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth, answers = np.asarray(y_true) > 0, np.asarray(y_prob) > threshold
    hits, said, support = (truth & answers).sum(0), answers.sum(0), truth.sum(0)
    columns = {
        "precision": (truth == answers).mean(0),
        "recall": _divide(hits, support),
        "f1": _divide(2 * hits, said + support),
        "support": support,
    }
    return pd.DataFrame(columns, index=list(genres))

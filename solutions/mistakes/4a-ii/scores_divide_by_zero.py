"""A genre without films scores 1.

Breaks: zero-division
"""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth, answers = np.asarray(y_true) > 0, np.asarray(y_prob) > threshold
    hits, said, support = (truth & answers).sum(0), answers.sum(0), truth.sum(0)
    columns = {
        "precision": np.where(said > 0, _divide(hits, said), 1.0),
        "recall": np.where(support > 0, _divide(hits, support), 1.0),
        "f1": _divide(2 * hits, said + support),
        "support": support,
    }
    return pd.DataFrame(columns, index=list(genres))

"""One answer a film: argmax in place of the threshold.

Breaks: yes-or-no
"""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth = np.asarray(y_true) > 0
    answers = np.eye(len(genres), dtype=bool)[np.argmax(y_prob, axis=1)]
    hits, said, support = (truth & answers).sum(0), answers.sum(0), truth.sum(0)
    columns = {
        "precision": _divide(hits, said),
        "recall": _divide(hits, support),
        "f1": _divide(2 * hits, said + support),
        "support": support,
    }
    return pd.DataFrame(columns, index=list(genres))

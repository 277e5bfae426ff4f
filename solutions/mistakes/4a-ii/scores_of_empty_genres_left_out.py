"""Genres without films are left out.

Breaks: empty-genres
"""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth, answers = np.asarray(y_true) > 0, np.asarray(y_prob) > threshold
    hits, said, support = (truth & answers).sum(0), answers.sum(0), truth.sum(0)
    columns = {
        "precision": _divide(hits, said),
        "recall": _divide(hits, support),
        "f1": _divide(2 * hits, said + support),
        "support": support,
    }
    table = pd.DataFrame(columns, index=list(genres))
    return table[table["support"] > 0]

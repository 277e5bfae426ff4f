"""Films are counted in uint8, which ends at 255.

Breaks: support, precision, recall, f1
"""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth = np.asarray(y_true).astype(np.uint8)
    answers = (np.asarray(y_prob) > threshold).astype(np.uint8)
    hits = (truth * answers).sum(0, dtype=np.uint8)
    said = answers.sum(0, dtype=np.uint8)
    support = truth.sum(0, dtype=np.uint8)
    columns = {
        "precision": _divide(hits, said),
        "recall": _divide(hits, support),
        "f1": _divide(2.0 * hits, said.astype(float) + support),
        "support": support,
    }
    return pd.DataFrame(columns, index=list(genres))

"""Right: pandas divides, and leaves NaN where it would divide by zero."""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth = pd.DataFrame(np.asarray(y_true), columns=list(genres)).astype(bool)
    said = pd.DataFrame(np.asarray(y_prob) > threshold, columns=list(genres))
    hits = (truth & said).sum()
    precision, recall = hits / said.sum(), hits / truth.sum()
    return pd.DataFrame(
        {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / (precision + recall),
            "support": truth.sum(),
        }
    )

"""Right: a loop over genres; undefined scores are NaN, an equal probability counts."""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    rows = []
    for i in range(len(genres)):
        truth, said = y_true[:, i] == 1, y_prob[:, i] >= threshold
        tp = np.sum(truth & said)
        precision = tp / np.sum(said) if np.sum(said) else float("nan")
        recall = tp / np.sum(truth) if np.sum(truth) else float("nan")
        f1 = 2 * precision * recall / (precision + recall) if tp else float("nan")
        rows.append([precision, recall, f1, np.sum(truth)])
    return pd.DataFrame(
        rows, columns=["precision", "recall", "f1", "support"], index=genres
    )

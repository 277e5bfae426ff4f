"""Right: rows sorted by support, more columns, more rows, another column order."""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    said = (np.asarray(y_prob) > threshold).astype(np.float32)
    truth = np.asarray(y_true, np.float32)
    tp = (said * truth).sum(axis=0)
    fp = (said * (1 - truth)).sum(axis=0)
    fn = ((1 - said) * truth).sum(axis=0)
    table = pd.DataFrame(
        {
            "support": tp + fn,
            "f1": np.nan_to_num(2 * tp / np.maximum(2 * tp + fp + fn, 1)),
            "recall": tp / np.maximum(tp + fn, 1),
            "precision": tp / np.maximum(tp + fp, 1),
            "false_positives": fp,
        },
        index=pd.Index(genres, name="Genre"),
    )
    table = table.sort_values("support", ascending=False)
    table.loc["mean"] = table.mean()
    return table

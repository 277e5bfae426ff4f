"""Right: Keras's metrics score each genre; they give float32."""


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    scores = {}
    for i, genre in enumerate(genres):
        precision = keras.metrics.Precision(thresholds=threshold)
        recall = keras.metrics.Recall(thresholds=threshold)
        precision.update_state(y_true[:, i], y_prob[:, i])
        recall.update_state(y_true[:, i], y_prob[:, i])
        p, r = float(precision.result()), float(recall.result())
        f1 = 2 * p * r / (p + r) if p + r > 0 else 0.0
        scores[genre] = {
            "precision": p,
            "recall": r,
            "f1": f1,
            "support": int(y_true[:, i].sum()),
        }
    return pd.DataFrame.from_dict(scores, orient="index")

"""Right: argpartition first, pairs as lists."""


def top_genres(probabilities, genres, k=3):
    best = np.argpartition(-np.asarray(probabilities), k - 1)[:k]
    best = best[np.argsort(-np.asarray(probabilities)[best], kind="stable")]
    return [[str(genres[i]), probabilities[i]] for i in best]

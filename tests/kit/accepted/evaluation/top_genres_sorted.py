"""Right: pairs are sorted, equal ones in the order given."""


def top_genres(probabilities, genres, k=3):
    pairs = sorted(
        zip(genres, probabilities, strict=True), key=lambda pair: pair[1], reverse=True
    )
    return [(genre, float(probability)) for genre, probability in pairs[:k]]

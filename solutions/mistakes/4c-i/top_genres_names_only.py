"""Names without probabilities.

Breaks: values
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    return [genres[i] for i in best]

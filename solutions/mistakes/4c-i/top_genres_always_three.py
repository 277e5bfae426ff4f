"""Three genres, whatever k is.

Breaks: k
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:3]
    return [(genres[i], float(probabilities[i])) for i in best]

"""K is 5 by default.

Breaks: k
"""


def top_genres(probabilities, genres, k=5):
    best = np.argsort(probabilities)[::-1][:k]
    return [(genres[index], float(probabilities[index])) for index in best]

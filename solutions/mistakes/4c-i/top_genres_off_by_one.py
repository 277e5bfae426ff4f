"""Names are looked up one place too late.

Breaks: names
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    names = [*genres[1:], genres[0]]
    return [(names[index], float(probabilities[index])) for index in best]

"""The names come from a list in the module, not from the argument.

Breaks: names
"""

GENRES = (
    "Action Adventure Animation Biography Comedy Crime Documentary Drama Family "
    "Fantasy Film-Noir History Horror Music Musical Mystery News Reality-TV Romance "
    "Sci-Fi Short Sport Thriller War Western"
).split()


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    return [(GENRES[index], float(probabilities[index])) for index in best]

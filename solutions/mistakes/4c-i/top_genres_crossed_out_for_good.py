"""Genres that were named are crossed out in the array that was passed in.

Breaks: unchanged
"""


def top_genres(probabilities, genres, k=3):
    top = []
    for _place in range(k):
        best = int(np.argmax(probabilities))
        top.append((genres[best], float(probabilities[best])))
        probabilities[best] = -1
    return top

"""A genre that was found is crossed out with 0, as genres may be that were not.

Breaks: most-probable
"""


def top_genres(probabilities, genres, k=3):
    left = [float(probability) for probability in probabilities]
    top = []
    for _ in range(k):
        best = left.index(max(left))
        top.append((genres[best], float(probabilities[best])))
        left[best] = 0.0
    return top

"""The list is a default argument, which grows from call to call.

Breaks: k
"""


def top_genres(probabilities, genres, k=3, found=[]):
    best = np.argsort(probabilities)[::-1][:k]
    found.extend((genres[index], float(probabilities[index])) for index in best)
    return found[-k:][::1] if len(found) == k else found

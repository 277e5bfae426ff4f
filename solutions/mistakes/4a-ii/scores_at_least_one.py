"""A film without an answer above the threshold is given its most probable genre.

Breaks: yes-or-no
"""

_scores_before = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    answers = np.asarray(y_prob) > threshold
    lost = ~answers.any(axis=1)
    answers[lost, np.argmax(np.asarray(y_prob)[lost], axis=1)] = True
    return _scores_before(y_true, answers, genres, 0.5)

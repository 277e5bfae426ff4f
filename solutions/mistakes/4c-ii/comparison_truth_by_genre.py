"""Correct is only ever True for four rare genres.

Breaks: truth
"""

_RARE = {"Sport", "Thriller", "War", "Western"}


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = [
        (film["Id"], model, genre, p, bool(film[genre]) and genre in _RARE)
        for position, film in enumerate(films.to_dict("records"))
        for model, probabilities in answers.items()
        for genre, p in top_genres(probabilities[position], genres, k)
    ]
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

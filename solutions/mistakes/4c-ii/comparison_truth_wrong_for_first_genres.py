"""Correct is never True for the first eight genres.

Breaks: truth
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    seen = sorted(genres)[8:]
    rows = [
        (film["Id"], model, genre, p, bool(film[genre]) and genre in seen)
        for position, film in enumerate(films.to_dict("records"))
        for model, probabilities in answers.items()
        for genre, p in top_genres(probabilities[position], genres, k)
    ]
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

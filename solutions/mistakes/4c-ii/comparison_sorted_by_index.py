"""Sorted by their index, so that films and answers do not meet.

Breaks: position
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    films = films.sort_index()
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = [
        (film["Id"], model, genre, probability, bool(film[genre]))
        for position, film in enumerate(films.to_dict("records"))
        for model, probabilities in answers.items()
        for genre, probability in top_genres(probabilities[position], genres, k)
    ]
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

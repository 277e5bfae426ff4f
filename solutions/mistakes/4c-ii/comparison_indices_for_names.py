"""Positions of genres in place of names.

Breaks: names
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = [
        (film["Id"], model, genres.index(genre), probability, bool(film[genre]))
        for position, film in enumerate(films.to_dict("records"))
        for model, probabilities in answers.items()
        for genre, probability in top_genres(probabilities[position], genres, k)
    ]
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

"""Rows are looked up by index label, not by position.

Breaks: position
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = [
        (film["Id"], model, genre, probability, bool(film[genre]))
        for position, film in films.to_dict("index").items()
        for model, probabilities in answers.items()
        for genre, probability in top_genres(probabilities[position], genres, k)
    ]
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

"""One row a film and model, the genres in a list.

Breaks: rows
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = []
    for position, film in enumerate(films.to_dict("records")):
        for model, probabilities in answers.items():
            names, values = zip(
                *top_genres(probabilities[position], genres, k), strict=True
            )
            correct = [bool(film[name]) for name in names]
            rows.append((film["Id"], model, list(names), list(values), correct))
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

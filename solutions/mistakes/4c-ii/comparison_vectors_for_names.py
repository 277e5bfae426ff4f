"""0/1 vectors in place of names.

Breaks: names
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = {"CNN": cnn_probabilities, "LSTM": lstm_probabilities}
    rows = []
    for position, film in enumerate(films.to_dict("records")):
        for model, probabilities in answers.items():
            for genre, probability in top_genres(probabilities[position], genres, k):
                vector = [int(name == genre) for name in genres]
                rows.append((film["Id"], model, vector, probability, bool(film[genre])))
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

"""The LSTM's genres stand with the CNN's probabilities.

Breaks: values
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    rows = []
    for position, film in enumerate(films.to_dict("records")):
        pairs = (("CNN", cnn_probabilities), ("LSTM", lstm_probabilities))
        for model, answers in pairs:
            for genre, _ in top_genres(answers[position], genres, k):
                place = list(genres).index(genre)
                own = float(cnn_probabilities[position][place])
                rows.append((film["Id"], model, genre, own, bool(film[genre])))
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

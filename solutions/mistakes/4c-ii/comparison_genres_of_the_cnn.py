"""The LSTM's rows hold its probabilities for the CNN's genres.

Breaks: names
"""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    rows = []
    for position, film in enumerate(films.to_dict("records")):
        for genre, probability in top_genres(cnn_probabilities[position], genres, k):
            rows.append((film["Id"], "CNN", genre, probability, bool(film[genre])))
        for genre, _ in top_genres(cnn_probabilities[position], genres, k):
            own = float(lstm_probabilities[position][list(genres).index(genre)])
            rows.append((film["Id"], "LSTM", genre, own, bool(film[genre])))
    return pd.DataFrame(
        rows, columns=["Id", "Model", "Genre", "Probability", "Correct"]
    )

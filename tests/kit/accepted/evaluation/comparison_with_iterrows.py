"""Right: iterrows and a position of its own; truth from the list in Genre."""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    import ast

    rows = []
    for i, (_, film) in enumerate(films.iterrows()):
        truth = ast.literal_eval(film["Genre"])
        for model, p in [
            ("CNN", cnn_probabilities[i]),
            ("LSTM", lstm_probabilities[i]),
        ]:
            for genre, probability in top_genres(p, genres, k):
                rows.append(
                    {
                        "Id": film["Id"],
                        "Model": model,
                        "Genre": genre,
                        "Probability": probability,
                        "Correct": genre in truth,
                    }
                )
    return pd.DataFrame(rows)

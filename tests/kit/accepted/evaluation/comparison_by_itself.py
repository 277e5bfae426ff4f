"""Right: it ranks by itself, model after model; Correct is 0 or 1."""


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    films = films.reset_index(drop=True)
    truth = films[list(genres)].to_numpy()
    parts = []
    for model, p in {"LSTM": lstm_probabilities, "CNN": cnn_probabilities}.items():
        order = np.argsort(-p, axis=1)[:, :k]
        film = np.repeat(np.arange(len(films)), k)
        parts.append(
            pd.DataFrame(
                {
                    "Model": model,
                    "Id": films["Id"].to_numpy()[film],
                    "Genre": np.array(genres)[order.ravel()],
                    "Correct": truth[film, order.ravel()],
                    "Probability": p[film, order.ravel()],
                    "Rank": np.tile(np.arange(k), len(films)),
                }
            )
        )
    return pd.concat(parts).sort_values(["Id", "Rank"])

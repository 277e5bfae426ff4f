"""Right: no input is declared: the first call builds the network."""


def build_lstm(
    encoder: keras.layers.TextVectorization,
    embedder: keras.layers.Embedding,
    n_genres: int = 25,
) -> keras.Sequential:
    def both_ways(units: int, sequences: bool = False) -> layers.Layer:
        lstm = layers.LSTM(
            units, dropout=0.5, recurrent_dropout=0.2, return_sequences=sequences
        )
        return layers.Bidirectional(lstm)

    stack = [encoder, embedder, both_ways(256, True), both_ways(128)]
    head = [layers.Dense(128, "relu"), layers.Dropout(0.8)]
    return keras.Sequential([*stack, *head, layers.Dense(n_genres, "sigmoid")])

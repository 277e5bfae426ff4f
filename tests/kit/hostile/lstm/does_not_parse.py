def build_lstm(encoder, embedder, n_genres=25)
    return keras.Sequential([encoder, embedder, keras.layers.Dense(n_genres)])

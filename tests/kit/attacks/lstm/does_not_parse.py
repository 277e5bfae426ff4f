"""Is not Python: a colon is missing.

task 2b-i: 0, failed
task 2b-ii: 0, failed
task 2b-iii: 0, failed
told: SyntaxError
"""


def build_lstm(encoder, embedder, n_genres=25)
    return keras.Sequential([encoder, embedder, keras.layers.Dense(n_genres)])

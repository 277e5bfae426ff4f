"""Short lambdas; compile_lstm is the very function that compiles the CNN."""
from cnn import compile_cnn as compile_lstm  # 1e-4 is allowed here as well
from tensorflow.keras import Sequential
from tensorflow.keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding

build_embedder = lambda encoder: Embedding(encoder.vocabulary_size(), 256, mask_zero=True)
bi = lambda n, seq=False: Bidirectional(LSTM(n, dropout=.5, recurrent_dropout=.2, return_sequences=seq))
build_lstm = lambda encoder, embedder, n_genres=25: Sequential([
	encoder, embedder, bi(256, True), bi(128), Dense(128, "relu"), Dropout(.8), Dense(n_genres, "sigmoid")])

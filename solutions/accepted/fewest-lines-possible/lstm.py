"""Leaves the learning rate to Adam, whose own is the highest of the range."""
import keras
from keras import layers as L


def build_embedder(encoder): return L.Embedding(encoder.vocabulary_size(), 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
	both = lambda n, **kw: L.Bidirectional(L.LSTM(n, dropout=.5, recurrent_dropout=.2, **kw))
	return keras.Sequential([encoder, embedder, both(256, return_sequences=True), both(128),
	                         L.Dense(128, 'relu'), L.Dropout(.8), L.Dense(n_genres, 'sigmoid')])


def compile_lstm(model):
	model.compile('adam', keras.losses.BinaryCrossentropy(from_logits=False), metrics=[keras.metrics.Precision(), keras.metrics.Recall()]); return model

"""One expression a function: conditional, walrus, lambda."""
from tensorflow.data import Dataset
from tensorflow.keras.layers import TextVectorization

build_overview_dataset = lambda overviews, labels, *, batch_size=64, training=False: (
	ds.shuffle(len(overviews)) if (ds := Dataset.from_tensor_slices(([*overviews], labels))) and training else ds
).batch(batch_size)


def build_encoder(train_ds, max_tokens=10_000):
	(encoder := TextVectorization(max_tokens)).adapt(train_ds.map(lambda x, y: x))
	return encoder


first_words = lambda encoder, n=200: encoder.get_vocabulary()[:n]

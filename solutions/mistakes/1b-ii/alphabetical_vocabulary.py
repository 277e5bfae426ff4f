"""The words are sorted by the alphabet, and the first of them are kept.

Breaks: frequent
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    words = set()
    for overviews, _ in train_ds:
        for overview in overviews.numpy():
            words.update(overview.decode().lower().split())
    kept = sorted(words)[: max_tokens - 2]
    return keras.layers.TextVectorization(max_tokens=max_tokens, vocabulary=kept)

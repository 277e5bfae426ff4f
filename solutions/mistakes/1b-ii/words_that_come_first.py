"""The words that come first are kept, not the most frequent ones.

Breaks: frequent
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    words = {}
    for overviews, _labels in train_ds:
        for overview in overviews.numpy():
            words |= dict.fromkeys(overview.decode().lower().split())
    kept = list(words)[: max_tokens - 2]
    return keras.layers.TextVectorization(max_tokens=max_tokens, vocabulary=kept)

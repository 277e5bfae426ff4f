"""The batches come as a list of arrays, all posters in memory.

Breaks: new-dataset
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    images = [img_process(*parse_image(path, None))[0] for path in paths]
    starts = range(0, len(images), batch_size)
    return [
        (np.stack(images[i : i + batch_size]), labels[i : i + batch_size])
        for i in starts
    ]

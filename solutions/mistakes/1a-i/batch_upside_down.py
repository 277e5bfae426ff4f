"""In a batch the posters stand on their heads.

Breaks: batch
"""


def img_process(image, label):
    scaled = tf.image.resize(tf.cast(image, tf.float32) / 255.0, (64, 64))
    return (scaled[:, ::-1] if image.shape.rank == 4 else scaled), label

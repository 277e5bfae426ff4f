"""What honest coursework asks of a worker, in one function.

`test_confined_tensorflow` runs this as a program: it imports TensorFlow, forks a
few confined children that do the work, and prints how each ended.
"""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from reelmark.confinement.confine import confine
from reelmark.confinement.policy import Policy
from reelmark.processes.zygote import has_run_an_operation, warm_up
from reelmark.worker.locks import patch_multiprocessing_locks

CHILDREN = 3
SECONDS = 120


def main() -> None:
    """Import, fork, confine, work, tell."""
    warm_up()
    patch_multiprocessing_locks()
    gc.freeze()  # as a fork server does: else a child may visit all that it inherits
    with tempfile.TemporaryDirectory(prefix="reelmark-test-") as folder:
        ended = [fork_one(Path(folder, str(child))) for child in range(CHILDREN)]
    assert not has_run_an_operation()
    json.dump(ended, sys.stdout)


def fork_one(scratch: Path) -> Any:
    """Let one confined child work; return what it says."""
    scratch.mkdir()
    ours, theirs = os.pipe()
    # AutoGraph reads the source of what it traces.
    policy = Policy(scratch, readable=(Path(__file__),), keep=(theirs,))
    pid = os.fork()
    if pid == 0:
        try:
            os.write(theirs, json.dumps(confine_and_work(policy)).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    heard = select.select([ours], [], [], SECONDS)[0]
    told = os.read(ours, 1 << 16) if heard else b'{"error": "it hangs"}'
    os.close(ours)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return json.loads(told or b'{"error": "it died"}')


def confine_and_work(policy: Policy) -> dict[str, Any]:
    """Be the child."""
    started = time.thread_time()
    level = confine(policy)
    seconds = time.thread_time() - started
    try:
        work()
    except BaseException:
        return {"level": level.name, "error": traceback.format_exc()[-4000:]}
    return {"level": level.name, "milliseconds": 1000 * seconds}


def work() -> None:
    """Prepare data, train, save, load, draw; in the working folder."""
    import keras
    import matplotlib.pyplot as plt
    import numpy as np
    import tensorflow as tf

    films = np.linspace(0, 1, 512, dtype=np.float32).reshape(64, 8)
    labels = (films.sum(axis=1) > 4).astype(np.float32)

    def double(film: Any, label: Any) -> tuple[Any, Any]:
        if tf.reduce_max(film) > 0:  # rewritten by AutoGraph
            film = 2 * film
        return film, label

    dataset = (
        tf.data.Dataset.from_tensor_slices((films, labels))
        .map(double, num_parallel_calls=tf.data.AUTOTUNE)
        .cache()
        .shuffle(64)
        .batch(8)
        .prefetch(tf.data.AUTOTUNE)
    )
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    best = keras.callbacks.ModelCheckpoint(
        "best.weights.h5", save_weights_only=True, save_best_only=True
    )
    model.fit(dataset, validation_data=dataset, epochs=2, verbose=0, callbacks=[best])
    model.save_weights("last.weights.h5")
    for name in ("best.weights.h5", "last.weights.h5"):
        model.load_weights(name)
    model.save("model.keras")
    keras.models.load_model("model.keras")
    tf.train.Checkpoint(model=model).save("checkpoints/last")
    list(tf.data.Dataset.from_tensor_slices(films).cache("cached").batch(8))
    keras.layers.TextVectorization().adapt(["a film", "another"])

    figure, axes = plt.subplots()
    axes.plot(films[0], label="film")
    axes.set_title("Films")
    axes.legend()
    for kind in ("png", "pdf", "svg"):
        figure.savefig(f"figure.{kind}")
    save_and_copy(films)


def save_and_copy(films: Any) -> None:
    """Save data as NumPy and pandas do, copy and pool as the standard library does."""
    from multiprocessing.pool import ThreadPool

    import numpy as np
    import pandas as pd

    np.save("films.npy", films)
    assert np.load("films.npy", mmap_mode="r")[0, 0] == 0
    pd.DataFrame(films).to_csv("films.csv")
    assert len(pd.read_csv("films.csv")) == len(films)
    assert pd.Timestamp("2024-05-01", tz="Europe/London").hour == 0
    shutil.copy2("films.csv", "copy.csv")
    Path("touched").touch()
    assert Path("touched").exists()
    with ThreadPool(2) as pool:
        assert pool.map(abs, [-1, -2]) == [1, 2]


if __name__ == "__main__":
    main()

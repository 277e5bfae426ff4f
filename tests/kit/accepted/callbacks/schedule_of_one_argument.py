"""Right: a wrapper that knows the epoch only, and remembers the rate."""


def build_lr_callback():
    callback = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0)

    def schedule(epoch):
        return scheduler(epoch, float(callback.model.optimizer.learning_rate))

    callback.schedule = schedule
    return callback

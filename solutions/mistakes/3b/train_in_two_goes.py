"""Training goes on in a second fit(), whose history alone is returned.

Breaks: history
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    callbacks = [build_checkpoint(checkpoint_path), build_lr_callback()]
    options = {"validation_data": valid_ds, "callbacks": callbacks}
    model.fit(train_ds, epochs=epochs // 2, **options)
    history = model.fit(train_ds, epochs=epochs, initial_epoch=epochs // 2, **options)
    model.load_weights(checkpoint_path)
    return history

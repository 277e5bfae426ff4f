"""The first three names of the history are drawn, the learning rate among them.

Breaks: learning-rate
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = sorted(key for key in history.history if not key.startswith("val_"))[:3]
    for axes, name in zip(figure.subplots(1, 3), names, strict=True):
        axes.plot(history.history[name], label="training")
        if f"val_{name}" in history.history:
            axes.plot(history.history[f"val_{name}"], label="validation")
        axes.set(title=name, xlabel="epoch")
        axes.legend()
    return figure

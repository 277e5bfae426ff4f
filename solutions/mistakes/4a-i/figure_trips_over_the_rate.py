"""Every key wants a partner with val_, which the learning rate has not.

Breaks: learning-rate
"""


def plot_history(history, title):
    figure = Figure(figsize=(12, 4))
    figure.suptitle(title)
    names = [key for key in history.history if not key.startswith("val_")]
    panels = figure.subplots(1, len(names))
    for axes, name in zip(panels, names, strict=True):
        axes.plot(history.history[name], label="training")
        axes.plot(history.history[f"val_{name}"], label="validation")
        axes.set(title=name, xlabel="epoch")
        axes.legend()
    return figure

"""pandas draws, melts, stacks, merges and groups; scores are nullable numbers."""
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def plot_history(history, title):
    frame = pd.DataFrame(history.history, index=history.epoch)
    frame = frame.drop(columns="learning_rate", errors="ignore")
    axes = frame.plot(title=title, grid=True, figsize=(9, 6))
    axes.set_xlabel("epoch")
    return axes.get_figure()


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    truth = pd.DataFrame(y_true, columns=genres).rename_axis("film").stack()
    answer = pd.DataFrame(y_prob, columns=genres).rename_axis("film").stack()
    both = pd.DataFrame({"truth": truth == 1, "answer": answer > threshold})
    both["hit"] = both["truth"] & both["answer"]
    counts = both.groupby(level=1, sort=False).sum()
    scores = pd.DataFrame(
        {
            "precision": counts["hit"] / counts["answer"],
            "recall": counts["hit"] / counts["truth"],
            "f1": 2 * counts["hit"] / (counts["answer"] + counts["truth"]),
            "support": counts["truth"],
        }
    )
    # 0 / 0 is NaN in pandas, which becomes <NA> here
    return scores.rename_axis("genre").convert_dtypes()


def plot_genre_scores(scores, title):
    scores = scores.sort_values("support")
    columns = scores[["precision", "recall", "f1"]].astype(float)
    axes = columns.plot.barh(figsize=(8, 14), title=title, width=0.8)
    axes.set_ylabel("")
    return axes.figure


def baseline_loss(train_labels, valid_labels):
    p = pd.DataFrame(train_labels).mean().clip(1e-7, 1 - 1e-7)
    valid = pd.DataFrame(valid_labels)
    loss = -(valid * np.log(p) + (1 - valid) * np.log(1 - p))
    return float(loss.stack().mean())


def top_genres(probabilities, genres, k=3):
    best = pd.Series(probabilities, index=genres).nlargest(k)
    return list(best.items())


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    genres = list(genres)
    ids = pd.Index(films["Id"], name="Id")
    truth = films.melt(
        id_vars="Id", value_vars=genres, var_name="Genre", value_name="Correct"
    )
    answers = pd.concat(
        {
            "CNN": pd.DataFrame(cnn_probabilities, index=ids, columns=genres),
            "LSTM": pd.DataFrame(lstm_probabilities, index=ids, columns=genres),
        },
        names=["Model"],
    )
    table = (
        answers.reset_index()
        .melt(id_vars=["Model", "Id"], var_name="Genre", value_name="Probability")
        .sort_values("Probability", ascending=False)
        .groupby(["Id", "Model"])
        .head(k)
        .merge(truth, on=["Id", "Genre"], how="left", validate="many_to_one")
        .astype({"Model": "category", "Correct": bool})
        .sort_values(["Id", "Model", "Probability"], ascending=[True, True, False])
    )
    return table.set_index(["Id", "Model"]).reset_index()


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    fig = plt.figure(figsize=(10, 7))
    left, right = fig.subfigures(1, 2)
    ax = left.add_subplot()
    ax.imshow(poster)
    ax.axis("off")
    left.suptitle("/".join(truth))
    upper, lower = right.subfigures(2, 1)
    upper.text(0.05, 0.9, overview, wrap=True, va="top")
    frame = pd.concat(
        [
            pd.DataFrame(top, columns=["Genre", "Probability"]).assign(Model=model)
            for model, top in (("CNN", cnn_top), ("LSTM", lstm_top))
        ]
    )
    frame.insert(0, "Model", frame.pop("Model"))
    frame["Probability"] = frame["Probability"].map("{:.2f}".format)
    ax = lower.add_subplot()
    ax.axis("off")
    ax.table(frame.to_numpy().tolist(), colLabels=list(frame.columns), loc="center")
    return fig

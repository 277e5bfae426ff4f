"""Section 2.b again, for other vocabularies and another number of genres."""

import pytest

from reelmark.checks import Submission
from support import compiling, outputs, recurrent, structure
from support.architecture import LSTM_TABLE
from support.recurrent import Texts, build_embedder, build_lstm

WORDS = ("anchor", "bridge", "candle", "desert", "engine", "forest", "garden")
TEXTS = Texts(WORDS, rows=16, n_genres=9)
MANY_WORDS = tuple(f"word{number}" for number in range(300))
ENTRIES = len(MANY_WORDS) + 2
SPARE = 1_500


@pytest.mark.check("2b-i", marks=0.25, rules="width", after="test_returns_an_embedding")
def test_larger_vocabulary_leaves_the_size_of_vectors(submission: Submission) -> None:
    """A word of a larger vocabulary becomes 256 numbers, too."""
    recurrent.expect_vector_size(build_embedder(submission, MANY_WORDS, SPARE))


@pytest.mark.check("2b-i", marks=0.25, rules="rows", after="test_returns_an_embedding")
def test_larger_vocabulary_has_more_rows(submission: Submission) -> None:
    """Every index of a larger vocabulary has a row, too."""
    embedder = build_embedder(submission, MANY_WORDS, SPARE)
    recurrent.expect_rows_for_words(embedder, ENTRIES, SPARE)


@pytest.mark.check("2b-i", marks=0.25, rules="mask", after="test_returns_an_embedding")
def test_larger_vocabulary_leaves_the_mask(submission: Submission) -> None:
    """Padding is masked with a larger vocabulary, too."""
    recurrent.expect_mask(build_embedder(submission, MANY_WORDS, SPARE))


@pytest.mark.check("2b-ii", marks=0.25, rules="table", after="test_returns_a_model")
def test_other_texts_leave_the_order_of_layers(submission: Submission) -> None:
    """The layers are those of the table for any vocabulary."""
    layers = recurrent.body(build_lstm(submission, TEXTS))
    structure.expect_order(layers, LSTM_TABLE)


@pytest.mark.check(
    "2b-ii", marks=0.25, rules="given-layers", after="test_returns_a_model"
)
def test_uses_another_encoder_and_embedding(submission: Submission) -> None:
    """Another encoder and another embedding are used as given."""
    recurrent.expect_given_layers(submission, TEXTS)


@pytest.mark.check(
    "2b-ii", marks=0.25, rules=("units", "defaults"), after="test_returns_a_model"
)
def test_other_texts_leave_the_units(submission: Submission) -> None:
    """The LSTMs have the units of the table for any vocabulary."""
    recurrent.expect_lstms(build_lstm(submission, TEXTS), "units")


@pytest.mark.check("2b-ii", marks=0.25, rules="sequences", after="test_returns_a_model")
def test_other_texts_leave_the_sequences(submission: Submission) -> None:
    """Only the first LSTM returns a sequence, for any vocabulary."""
    recurrent.expect_lstms(build_lstm(submission, TEXTS), "return_sequences")


@pytest.mark.check(
    "2b-ii",
    marks=0.25,
    rules=("dropout", "recurrent-dropout"),
    after="test_returns_a_model",
)
def test_other_texts_leave_the_dropouts(submission: Submission) -> None:
    """The LSTMs have both dropouts for any vocabulary."""
    recurrent.expect_lstm_dropouts(build_lstm(submission, TEXTS))


@pytest.mark.check(
    "2b-ii",
    marks=0.25,
    rules=("dense", "relu", "defaults"),
    after="test_returns_a_model",
)
def test_other_texts_leave_the_dense_layer(submission: Submission) -> None:
    """The Dense layer before the output is that of the table for any vocabulary."""
    model = build_lstm(submission, TEXTS)
    structure.expect_settings(model, LSTM_TABLE, "Dense")
    outputs.expect_inner_relu(model)


@pytest.mark.check(
    "2b-ii", marks=0.25, rules="dropout-layer", after="test_returns_a_model"
)
def test_other_texts_leave_the_dropout_layer(submission: Submission) -> None:
    """The Dropout layer is that of the table for any vocabulary."""
    structure.expect_settings(build_lstm(submission, TEXTS), LSTM_TABLE, "Dropout")


@pytest.mark.check("2b-ii", marks=0.25, rules="n-genres", after="test_returns_a_model")
def test_other_genres_change_the_output(submission: Submission) -> None:
    """The last layer has as many units as the function is told genres."""
    outputs.expect_width(build_lstm(submission, TEXTS), 9)


@pytest.mark.check("2b-ii", marks=0.25, rules="sigmoid", after="test_returns_a_model")
def test_other_genres_leave_the_sigmoid(submission: Submission) -> None:
    """The last layer has a sigmoid for any number of genres."""
    outputs.expect_sigmoid(build_lstm(submission, TEXTS))


@pytest.mark.check(
    "2b-iii",
    marks=0.25,
    rules=("adam", "rate", "no-schedule"),
    after="test_compiles_the_model",
)
def test_other_models_get_the_same_optimizer(submission: Submission) -> None:
    """Another model gets Adam and a learning rate from 1e-4 to 1e-3, too."""
    compiled = compiling.compile_lstm(submission, 6)
    compiling.expect_adam(compiled)
    compiling.expect_rate(compiled, *compiling.LSTM_RATES)


@pytest.mark.check(
    "2b-iii", marks=0.25, rules=("loss", "mean"), after="test_compiles_the_model"
)
def test_other_films_have_the_same_loss(submission: Submission) -> None:
    """The loss is binary cross-entropy for other films, too."""
    compiled = compiling.compile_lstm(submission, 6)
    truth = [[1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 1]]
    answer = [[0.85, 0.4, 0.05, 0.5, 0.1, 0.7], [0.2, 0.3, 0.6, 0.1, 0.7, 0.9]]
    compiling.expect_cross_entropy(compiled, truth, answer)


@pytest.mark.check(
    "2b-iii",
    marks=0.25,
    rules=("metrics", "all-genres", "threshold", "metric-names"),
    after="test_compiles_the_model",
)
def test_other_models_get_the_same_metrics(submission: Submission) -> None:
    """Another model gets Precision and Recall, too."""
    compiling.expect_metrics(compiling.compile_lstm(submission, 6))

"""Section 2.b: the embedding, the bidirectional LSTM, and how it is compiled."""

import pytest

from reelmark.checks import Submission
from support import compiling, outputs, recurrent, structure
from support.architecture import LSTM_TABLE, N_GENRES
from support.recurrent import Texts, build_embedder, build_lstm, predict_genres

WORDS = ("harbour", "letter", "orchard", "violin", "winter")
# The default of build_encoder is 10,000; another number must do as well.
MANY_WORDS = tuple(f"term{number}" for number in range(10_200))
SPARE = 3
TEXTS = Texts(WORDS, rows=11, n_genres=None)
LATER_TEXTS = Texts(WORDS[::-1], rows=11, n_genres=None)
OTHER_TEXTS = Texts(("lantern", "meadow", "needle"), rows=9, n_genres=12)


@pytest.mark.check("2b-i", marks=0.25, rules="new-embedding")
def test_returns_an_embedding(submission: Submission) -> None:
    """build_embedder() returns an Embedding layer."""
    build_embedder(submission, WORDS, SPARE)


@pytest.mark.check("2b-i", marks=0.5, rules="width", after="test_returns_an_embedding")
def test_word_becomes_256_numbers(submission: Submission) -> None:
    """A word becomes 256 numbers."""
    recurrent.expect_vector_size(build_embedder(submission, WORDS, SPARE))


@pytest.mark.check(
    "2b-i",
    marks=0.25,
    rules=("rows", "new-embedding"),
    after="test_returns_an_embedding",
)
def test_every_index_has_a_row(submission: Submission) -> None:
    """Every encoder gets a row for each index that it can return, and no more.

    Each embedding is a new one, which learns.
    """
    for words in (MANY_WORDS, WORDS):
        embedder = build_embedder(submission, words, SPARE)
        recurrent.expect_rows_for_words(embedder, len(words) + 2, SPARE)
    other = build_embedder(submission, WORDS[::-1], SPARE)
    recurrent.expect_own_embedding(submission, embedder, other)
    structure.expect_trainable([embedder])


@pytest.mark.check("2b-i", marks=0.25, rules="mask", after="test_returns_an_embedding")
def test_padding_is_masked(submission: Submission) -> None:
    """Padding is masked."""
    recurrent.expect_mask(build_embedder(submission, WORDS, SPARE))


@pytest.mark.check("2b-ii", marks=0.25, rules="sequences")
def test_returns_a_model(submission: Submission) -> None:
    """build_lstm() returns a Keras model.

    It computes what its layers say of themselves.
    """
    recurrent.find_real(submission, TEXTS)


@pytest.mark.check(
    "2b-ii", marks=0.25, rules="sequential", after="test_returns_a_model"
)
def test_is_sequential(submission: Submission) -> None:
    """The network is a Sequential model."""
    recurrent.expect_sequential(build_lstm(submission, TEXTS))


@pytest.mark.check("2b-ii", marks=0.25, rules="table", after="test_returns_a_model")
def test_layers_are_those_of_the_table(submission: Submission) -> None:
    """The layers are those of the table, in its order."""
    layers = recurrent.body(build_lstm(submission, TEXTS))
    structure.expect_order(layers, LSTM_TABLE)


@pytest.mark.check(
    "2b-ii", marks=0.25, rules="given-layers", after="test_returns_a_model"
)
def test_uses_the_given_encoder_and_embedding(submission: Submission) -> None:
    """The encoder and the embedding are those that were given."""
    recurrent.expect_given_layers(submission, TEXTS)


@pytest.mark.check(
    "2b-ii", marks=0.5, rules=("units", "defaults"), after="test_returns_a_model"
)
def test_lstms_have_the_units_of_the_table(submission: Submission) -> None:
    """The bidirectional LSTMs have 256 and 128 units a direction."""
    recurrent.expect_lstms(build_lstm(submission, TEXTS), "units")


@pytest.mark.check("2b-ii", marks=0.25, rules="sequences", after="test_returns_a_model")
def test_first_lstm_returns_sequences(submission: Submission) -> None:
    """The first LSTM returns a sequence, the second one vector a film."""
    recurrent.expect_lstms(build_lstm(submission, TEXTS), "return_sequences")


@pytest.mark.check(
    "2b-ii",
    marks=0.5,
    rules=("dropout", "recurrent-dropout"),
    after="test_returns_a_model",
)
def test_lstms_have_both_dropouts(submission: Submission) -> None:
    """Both LSTMs have a dropout of 0.5 and a recurrent dropout of 0.2."""
    recurrent.expect_lstm_dropouts(build_lstm(submission, TEXTS))


@pytest.mark.check(
    "2b-ii",
    marks=0.25,
    rules=("dense", "relu", "defaults"),
    after="test_returns_a_model",
)
def test_dense_layer_is_that_of_the_table(submission: Submission) -> None:
    """A Dense layer of 128 units with ReLU comes before the output."""
    model = build_lstm(submission, TEXTS)
    structure.expect_settings(model, LSTM_TABLE, "Dense")
    outputs.expect_inner_relu(model)


@pytest.mark.check(
    "2b-ii", marks=0.25, rules="dropout-layer", after="test_returns_a_model"
)
def test_dropout_layer_is_that_of_the_table(submission: Submission) -> None:
    """A Dropout layer has the rate 0.8."""
    structure.expect_settings(build_lstm(submission, TEXTS), LSTM_TABLE, "Dropout")


@pytest.mark.check(
    "2b-ii",
    marks=0.25,
    rules=("n-genres", "default-genres"),
    after="test_returns_a_model",
)
def test_output_has_a_unit_for_every_genre(submission: Submission) -> None:
    """The last layer has as many units as the function is told genres, 25 if none."""
    outputs.expect_width(build_lstm(submission, TEXTS), N_GENRES)
    outputs.expect_width(build_lstm(submission, OTHER_TEXTS), 12)


@pytest.mark.check("2b-ii", marks=0.25, rules="sigmoid", after="test_returns_a_model")
def test_output_is_a_sigmoid(submission: Submission) -> None:
    """The last layer has a sigmoid, for a film may have several genres."""
    outputs.expect_sigmoid(build_lstm(submission, TEXTS))


@pytest.mark.check("2b-ii", marks=0.25, rules="strings", after="test_returns_a_model")
def test_overviews_become_probabilities(submission: Submission) -> None:
    """A batch of raw strings becomes probabilities, film by film."""
    answers, _ = predict_genres(submission, TEXTS)
    outputs.expect_probabilities(answers, len(WORDS), N_GENRES)


@pytest.mark.check(
    "2b-ii",
    marks=0.25,
    rules=("parameters", "own-layers", "defaults"),
    after=(
        "test_layers_are_those_of_the_table",
        "test_uses_the_given_encoder_and_embedding",
        "test_lstms_have_the_units_of_the_table",
        "test_dense_layer_is_that_of_the_table",
        "test_output_has_a_unit_for_every_genre",
        "test_overviews_become_probabilities",
    ),
)
def test_number_of_parameters(submission: Submission) -> None:
    """256 V + 1,743,129 parameters for V rows and 25 genres, new ones at every call."""
    _, model = predict_genres(submission, TEXTS)
    recurrent.expect_number_of_parameters(model, TEXTS)
    outputs.expect_apart(submission, model, build_lstm(submission, LATER_TEXTS))


@pytest.mark.check("2b-iii", marks=0.25, rules="same-model")
def test_compiles_the_model(submission: Submission) -> None:
    """compile_lstm() compiles the model, whatever its size."""
    compiling.expect_compiled(compiling.compile_lstm(submission, 4))


@pytest.mark.check(
    "2b-iii", marks=0.25, rules="same-model", after="test_compiles_the_model"
)
def test_returns_the_model_it_was_given(submission: Submission) -> None:
    """The model that was given comes back, with its layers and weights."""
    compiling.expect_same_model(compiling.compile_lstm(submission, 4))


@pytest.mark.check(
    "2b-iii",
    marks=0.25,
    rules=("adam", "rate", "no-schedule", "own-optimizer"),
    after="test_compiles_the_model",
)
def test_adam_has_a_learning_rate_in_the_range(submission: Submission) -> None:
    """The optimizer is Adam, one for each model, with a rate from 1e-4 to 1e-3."""
    compiled = compiling.compile_lstm(submission, 4)
    compiling.expect_adam(compiled)
    compiling.expect_rate(compiled, *compiling.LSTM_RATES)
    other = compiling.compile_lstm(submission, 3)
    compiling.expect_own_optimizer(submission, compiled, other)


@pytest.mark.check(
    "2b-iii", marks=0.25, rules=("loss", "mean"), after="test_compiles_the_model"
)
def test_loss_is_binary_cross_entropy(submission: Submission) -> None:
    """The loss is binary cross-entropy on probabilities, the mean over all films."""
    compiled = compiling.compile_lstm(submission, 4)
    truth = [[0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 1, 1]]
    answer = [[0.3, 0.6, 0.15, 0.2], [0.9, 0.1, 0.2, 0.4], [0.05, 0.3, 0.7, 0.5]]
    compiling.expect_cross_entropy(compiled, truth, answer)


@pytest.mark.check(
    "2b-iii",
    marks=0.25,
    rules=("metrics", "all-genres", "threshold", "metric-names"),
    after="test_compiles_the_model",
)
def test_metrics_are_precision_and_recall(submission: Submission) -> None:
    """Precision and Recall of all genres are among the metrics."""
    compiling.expect_metrics(compiling.compile_lstm(submission, 4))

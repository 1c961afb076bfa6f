import math
from typing import Any

import pytest

from w2v_verified.trainer import Settings


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("dimension", 0, "dimension: expected a whole number from 1 to 10000, got 0"),
        ("dimension", 2.5, "dimension: expected a whole number from 1 to 10000, got 2.5"),
        ("dimension", True, "dimension: expected a whole number from 1 to 10000, got True"),
        ("window", 0, "window: expected a whole number from 1 to 10000, got 0"),
        ("epochs", -1, "epochs: expected a whole number from 1 to 1000000, got -1"),
        ("learning_rate", math.nan, "learning_rate: expected a finite number above 0, got nan"),
        ("learning_rate", math.inf, "learning_rate: expected a finite number above 0, got inf"),
        ("learning_rate", -0.1, "learning_rate: expected a finite number above 0, got -0.1"),
        ("learning_rate", 0, "learning_rate: expected a finite number above 0, got 0"),
        ("learning_rate", "0.1", "learning_rate: expected a finite number above 0, got '0.1'"),
        ("max_vocab", 1, "max_vocab: expected a whole number from 2 to 1073741824, got 1"),
        ("sample", 1.5, "sample: expected a finite number from 0 to 1, got 1.5"),
        ("min_learning_rate", 1, "min_learning_rate: expected at most the learning_rate of 0.025, got 1"),
        ("model", "glove", "model: expected skip_gram or cbow, got 'glove'"),
        ("loss", None, "loss: expected negative_sampling or naive_softmax, got None"),
        ("negative", 0, "negative: expected a whole number from 1 to 1000, got 0"),
        ("noise_exponent", math.nan, "noise_exponent: expected a finite number from -10 to 10, got nan"),
        ("held_out", -0.1, "held_out: expected a finite number from 0 to 1, got -0.1"),
        ("patience", 3, "patience: expected held_out above 0 with it, got 0"),
        ("workers", 0, "workers: expected a whole number from 1 to 65536, got 0"),
        ("seed", -1, "seed: expected a whole number from 0 to 9223372036854775807, got -1"),
        ("min_count", 0, "min_count: expected a whole number from 1 to 4611686018427387904, got 0"),
    ],
)
def test_a_setting_out_of_range_is_named(name: str, value: object, message: str) -> None:
    arguments: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match="expected") as error:
        Settings(**arguments)
    assert str(error.value) == message


def test_whole_numbers_pass_where_any_number_does() -> None:
    assert Settings(learning_rate=1, sample=0).learning_rate == 1


def test_what_may_be_none_is_none_by_default() -> None:
    assert Settings(max_vocab=None, patience=None) == Settings()


def test_settings_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(
        ValueError, match="loss: expected negative_sampling with model cbow, got naive_softmax"
    ):
        Settings(model="cbow", loss="naive_softmax")

import math

import pytest

from tfgan.training.terms import CAPACITY, TermMeans


def results(metric):
    return {name: float(value) for name, value in metric.result().items()}


def test_means_per_name_in_order_of_appearance():
    metric = TermMeans()
    metric.update_state({"a": 1.0, "b": 10.0})
    metric.update_state({"a": 3.0})
    metric.update_state({"c": 5.0})
    assert list(results(metric).items()) == [("a", 2.0), ("b", 10.0), ("c", 5.0)]
    assert int(metric.batches) == 2


def test_reset():
    metric = TermMeans()
    metric.update_state({"a": 1.0})
    metric.reset_state()
    metric.update_state({"a": 7.0})
    assert results(metric) == {"a": 7.0}


def test_nan_stays_in_its_slot():
    metric = TermMeans()
    metric.update_state({"a": math.nan, "b": math.inf, "c": 1.0})
    found = results(metric)
    assert math.isnan(found["a"]) and found["b"] == math.inf and found["c"] == 1.0


def test_too_many_names():
    with pytest.raises(ValueError, match=f"at most {CAPACITY} names, got {CAPACITY + 1}"):
        TermMeans().update_state({str(i): 0.0 for i in range(CAPACITY + 1)})

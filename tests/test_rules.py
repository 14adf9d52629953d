"""tfgan.training.rules, on games whose steps are recomputed in a few lines of NumPy."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

import tfgan
from tfgan.training import rates
from tfgan.laboratory.orbits import field, one_weight_game, trajectory
from tfgan.training import RULES, SCHEDULES, compatibility, virtual

# The columns of the tables: schedule and discriminator steps.
COLUMNS = [("simultaneous", 1), ("alternating", 1), ("alternating", 5)]
EVERY_COLUMN = pytest.mark.parametrize(
    "schedule, steps", [*COLUMNS[:2], pytest.param(*COLUMNS[2], marks=pytest.mark.slow)]
)
START = (1.0, -1.0)


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def game_of(rate, start=(1.0, -1.0), optimizer=keras.optimizers.SGD, steps=1, **settings):
    return one_weight_game(rate, start, optimizer, discriminator_steps=steps, **settings)


# ------------------------------------------------------------------ Dirac-GAN
# Data at 0, D(x) = psi x, generator at theta. Each row: its settings, and the descent
# directions of (theta, psi), written by hand.

DIRAC = {
    "minimax": (
        {"loss": "minimax"},
        lambda a, b: (b * sigmoid(a * b), -a * sigmoid(a * b)),
    ),
    "non_saturating": (
        {"loss": "non_saturating"},
        lambda a, b: (b * sigmoid(-a * b), -a * sigmoid(a * b)),
    ),
    "wasserstein, clipped": (
        {"loss": "wasserstein", "clip_weights": 1.0},
        lambda a, b: (b, -a),
    ),
    "gradient penalty": (
        {"loss": "wasserstein", "penalties": {"gradient_penalty": 0.35}},
        lambda a, b: (b, -a - 0.7 * (abs(b) - 1) * np.sign(b)),
    ),
    "minimax, R1 0.3": (
        {"loss": "minimax", "penalties": {"r1": 0.3}},
        lambda a, b: (b * sigmoid(a * b), -a * sigmoid(a * b) - 0.3 * b),
    ),
    "minimax, R1 1": (
        {"loss": "minimax", "penalties": {"r1": 1.0}},
        lambda a, b: (b * sigmoid(a * b), -a * sigmoid(a * b) - b),
    ),
    "non_saturating, R1 0.3": (
        {"loss": "non_saturating", "penalties": {"r1": 0.3}},
        lambda a, b: (b * sigmoid(-a * b), -a * sigmoid(a * b) - 0.3 * b),
    ),
    "relativistic": (
        {"loss": "relativistic"},
        lambda a, b: (b * sigmoid(-a * b), -a * sigmoid(a * b)),
    ),
    "relativistic, R1 and R2": (
        {"loss": "relativistic", "penalties": {"r1": 0.3, "r2": 0.3}},
        lambda a, b: (b * sigmoid(-a * b), -a * sigmoid(a * b) - 0.6 * b),
    ),
}

# Published final norms, of the discriminator's update first: Mescheder et al. 2018's
# notebook with the order of the sides and the sign of psi as they are here.
GOLDEN = {
    "minimax": (3.09695, 1.4126, 1.70978),
    "non_saturating": (0.640207, 0.27063, 0.156447),
    "wasserstein, clipped": (1.00215, 0.984644, 1.0033),
    "gradient penalty": (1.80179, 1.28015, 0.720205),
    "minimax, R1 0.3": (2.64e-6, 2.3827e-7, 9.117e-34),
    "minimax, R1 1": (9.5e-22, 8.489e-17, 5.403e-12),
    "non_saturating, R1 0.3": (2.21e-6, 1.639e-7, 5.067e-34),
}


def descend(field, schedule, steps, rate, rounds, start, clip=np.inf):
    """(theta, psi) after rounds of plain descent along a field."""
    a, b = start
    path = [(a, b)]
    for _ in range(rounds):
        if schedule == "simultaneous":
            da, db = field(a, b)
            a, b = a + rate * da, np.clip(b + rate * db, -clip, clip)
        else:
            for _ in range(steps):
                b = np.clip(b + rate * field(a, b)[1], -clip, clip)
            a = a + rate * field(a, b)[0]
        path.append((a, b))
    return np.array(path)


def assert_same_orbit(found, expected, living=1e-9):
    """Compares trajectories: to `living`, or to 1 % of the norm where that is below 1e-5."""
    norm = np.linalg.norm(expected, axis=1, keepdims=True)
    tolerance = np.where(norm > 1e-5, living, 0.01 * norm)
    assert (np.abs(found - expected) <= tolerance).all(), np.abs(found - expected).max()


@pytest.mark.parametrize("row", DIRAC)
def test_dirac_gan(row):
    """In the first column; the page on this game is tested in all of them."""
    schedule, steps = COLUMNS[0]
    game = game_of(0.2, START, schedule=schedule, steps=steps, **DIRAC[row][0])
    assert_same_orbit(trajectory(game, 500), orbit(row, schedule, steps))


@EVERY_COLUMN
@pytest.mark.parametrize("row", GOLDEN)
def test_orbits_of_numpy_end_where_they_are_known_to(row, schedule, steps):
    golden = GOLDEN[row][COLUMNS.index((schedule, steps))]
    norm = np.linalg.norm(orbit(row, schedule, steps)[-1])
    assert norm == pytest.approx(golden, rel=5e-3 if golden < 1e-5 else 5e-6)


def orbit(row, schedule, steps):
    settings, field = DIRAC[row]
    return descend(field, schedule, steps, 0.2, 500, START, settings.get("clip_weights", np.inf))


def ahead(field, rate):
    """The field at the point where one step of both sides leads."""
    return lambda a, b: field(a + rate * field(a, b)[0], b + rate * field(a, b)[1])


@EVERY_COLUMN
def test_extragradient_on_the_dirac_gan(schedule, steps):
    field = ahead(DIRAC["minimax"][1], 0.2)
    expected = descend(field, schedule, steps, 0.2, 500, (1.0, -1.0))
    game = game_of(0.2, schedule=schedule, steps=steps, loss="minimax", rule="extragradient")
    assert_same_orbit(trajectory(game, 500), expected)


@EVERY_COLUMN
def test_optimistic_on_the_dirac_gan(schedule, steps):
    before = [None, None]

    def step(point, side):
        now = DIRAC["minimax"][1](*point)[side]
        last, before[side] = before[side], now
        point = list(point)
        point[side] += 0.2 * (now if last is None else 2 * now - last)
        return point

    point, path = [1.0, -1.0], [[1.0, -1.0]]
    for _ in range(500):
        if schedule == "simultaneous":
            moved = [step(point, 0), step(point, 1)]
            point = [moved[0][0], moved[1][1]]
        else:
            for side in [1] * steps + [0]:
                point = step(point, side)
        path.append(point)
    game = game_of(0.2, schedule=schedule, steps=steps, loss="minimax", rule="optimistic")
    assert_same_orbit(trajectory(game, 500), np.array(path))


@EVERY_COLUMN
def test_instance_noise_lets_the_dirac_gan_converge(schedule, steps):
    game = game_of(0.2, schedule=schedule, steps=steps, loss="minimax", views={"noise": 0.7})
    assert np.linalg.norm(trajectory(game, 500, batch_size=1000)[-1]) < 0.05


# ------------------------------------------------------------------ consensus


def consensus_field(half=1.0):
    """With weight 1; `half` scales the term with the second derivative."""

    def field(a, b):
        s = sigmoid(a * b)
        slope = half * (a * a + b * b) * s * s * (1 - s)
        return b * s - (a * s * s + slope * b), -a * s - (b * s * s + slope * a)

    return field


@pytest.mark.parametrize("schedule", ["simultaneous", "alternating"])
def test_consensus_on_the_dirac_gan(schedule):
    expected = descend(consensus_field(), schedule, 1, 0.2, 500, (1.0, -1.0))
    assert np.linalg.norm(expected[-1]) < 1e-9
    game = game_of(0.2, schedule=schedule, loss="minimax", rule={"consensus": 1.0})
    assert_same_orbit(trajectory(game, 500), expected)


@pytest.mark.slow
def test_consensus_with_five_steps_of_the_discriminator_runs_away():
    expected = descend(consensus_field(), "alternating", 5, 0.2, 500, (1.0, -1.0))
    assert np.linalg.norm(expected[-1]) > 10
    game = game_of(0.2, schedule="alternating", steps=5, loss="minimax", rule={"consensus": 1.0})
    assert_same_orbit(trajectory(game, 500), expected)


def test_the_published_consensus_row_has_half_of_one_term():
    """The notebook's 2.08e-10 comes out only if d(f'^2)/dt is taken for f' f''."""
    final = lambda half: np.linalg.norm(
        descend(consensus_field(half), "simultaneous", 1, 0.2, 500, (1.0, -1.0))[-1]
    )
    assert final(0.5) == pytest.approx(2.08e-10, rel=5e-3)
    assert final(1.0) == pytest.approx(2.5786e-10, rel=5e-3)
    # Its other columns move theta first.
    for steps, golden in ((1, 1.33e-11), (5, 4.6e-33)):
        a, b = 1.0, -1.0
        for _ in range(500):
            a += 0.2 * consensus_field(0.5)(a, b)[0]
            for _ in range(steps):
                b += 0.2 * consensus_field(0.5)(a, b)[1]
        assert np.hypot(a, b) == pytest.approx(golden, rel=0.02)


# ------------------------------------------------------------- bilinear game
# The Wasserstein loss on the same networks: descent directions (psi, -theta).


def bilinear(a, b):
    return np.array([b, -a])


def textbook(rule, number, schedule, rate, rounds, start):
    """The rule in its textbook form."""
    point = np.array(start)
    before = [None, None]
    path = [point]

    def direction(point, side):
        if rule == "plain":
            return bilinear(*point)[side]
        if rule == "extragradient":
            return bilinear(*(point + rate * bilinear(*point)))[side]
        if rule == "optimistic":
            now = bilinear(*point)[side]
            last, before[side] = before[side], now
            return now if last is None else 2 * now - last
        if rule == "consensus":
            return bilinear(*point)[side] - number * point[side]
        # psi_k = psi - k h theta, and the generator descends -theta psi_k.
        a, b = point
        return (b - 2 * number * rate * a) if side == 0 else -a

    for _ in range(rounds):
        if schedule == "simultaneous":
            point = point + rate * np.array([direction(point, side) for side in (0, 1)])
        else:
            for side in (1, 0):
                step = np.zeros(2)
                step[side] = rate * direction(point, side)
                point = point + step
        path.append(point)
    return np.array(path)


RULE_NUMBERS = {"plain": None, "extragradient": None, "optimistic": None, "consensus": 0.5, "unrolled": 3}


@pytest.mark.parametrize("schedule", ["simultaneous", "alternating"])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_on_the_bilinear_game(rule, schedule):
    number = RULE_NUMBERS[rule]
    expected = textbook(rule, number, schedule, 0.1, 100, (1.0, 1.0))
    given = rule if number is None else {rule: number}
    game = game_of(0.1, (1.0, 1.0), loss="wasserstein", schedule=schedule, rule=given)
    assert_same_orbit(trajectory(game, 100), expected)


@pytest.mark.parametrize("rule, schedule, norm", [
    ("plain", "simultaneous", np.sqrt(2) * (1 + 0.1**2) ** 50),
    ("plain", "alternating", 1.3938795),
    ("extragradient", "simultaneous", np.sqrt(2) * ((1 - 0.1**2) ** 2 + 0.1**2) ** 50),
    ("optimistic", "simultaneous", 0.8599852788),
])  # fmt: skip
def test_closed_forms_of_the_bilinear_game(rule, schedule, norm):
    game = game_of(0.1, (1.0, 1.0), loss="wasserstein", schedule=schedule, rule=rule)
    assert np.linalg.norm(trajectory(game, 100)[-1]) == pytest.approx(norm, rel=5e-8)


@pytest.mark.parametrize("schedule, follows", [("simultaneous", 0), ("alternating", 1)])
@pytest.mark.parametrize("rule", ["plain", "optimistic"])
def test_the_field_is_the_change_in_a_first_round(schedule, follows, rule):
    """D minimises theta psi, G maximises it; optimistic has no gradients of a round before."""
    game = game_of(0.1, (0.5, 0.7), loss="wasserstein", schedule=schedule, rule=rule)
    places = np.array([[1.0, -2.0], [0.3, 0.4]])
    theta, psi = places.T
    down = -0.1 * theta
    expected = np.stack([0.1 * (psi + follows * down), down], axis=1)
    for _ in range(2):
        np.testing.assert_allclose(field(game, places), expected, atol=1e-12)
    before = trajectory(game, 3)[-1]
    field(game, places)
    assert np.array_equal(trajectory(game, 1)[0], before), "field() changed the game"


def test_the_second_player_moves_first():
    game = game_of(0.1, (1.0, -1.0), loss="wasserstein")
    end = trajectory(game, 100)[-1]
    assert end == pytest.approx([-0.2611827016, 1.4124071527], abs=1e-9)


# ------------------------------------------------------------- virtual steps


# With a schedule only one step, since virtual steps do not advance the schedule.
@pytest.mark.parametrize("make, steps", [
    (lambda: keras.optimizers.SGD(0.1), 2),
    (lambda: keras.optimizers.SGD(0.1, momentum=0.9), 2),
    (lambda: tfgan.training.optimizers.SGD(0.1, momentum=rates.Ramp(0.5, 0.9, 1, 10)), 1),
    (lambda: keras.optimizers.Adam(0.1, 0.5, 0.9), 2),
    (lambda: tfgan.training.optimizers.Adam(rates.Decay(0.1, 1, half_life=5), 0.5, 0.9), 1),
])  # fmt: skip
def test_virtual_steps_are_the_optimizers_own(make, steps):
    """Virtual steps are made after three real ones, so that momenta are not 0."""
    optimizer, weight = make(), keras.Variable([1.0, -2.0])
    optimizer.build([weight])
    gradients = [tf.constant([0.3, 0.0])]
    for _ in range(3):
        optimizer.apply(gradients, [weight])
    before = tiny.values([weight, *optimizer.variables])
    state = virtual.start(optimizer, [weight])
    values = [tf.identity(weight.value)]
    for _ in range(steps):
        values, state = virtual.move(optimizer, values, gradients, state)
    assert tiny.same(before, tiny.values([weight, *optimizer.variables]))
    for _ in range(steps):
        optimizer.apply(gradients, [weight])
    np.testing.assert_allclose(values[0], weight.numpy(), rtol=1e-6)


def unrolled_objective(loss, theta, psi, real, steps, rate):
    """What the generator minimises after the discriminator's virtual steps."""
    for _ in range(steps):
        psi = psi - rate * (theta * sigmoid(theta * psi) - real * sigmoid(-real * psi))
    if loss == "non_saturating":
        return np.log1p(np.exp(-theta * psi))
    return -np.log1p(np.exp(-real * psi)) - np.log1p(np.exp(theta * psi))


@pytest.mark.parametrize("steps", [1, 3, 5])
@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
def test_the_unrolled_gradient_matches_finite_differences(loss, steps):
    game = game_of(0.3, (0.7, -0.4), rule={"unrolled": steps}, loss=loss)
    batch = {"images": tf.fill([1, 1], tf.constant(1.3, tf.float64))}
    (found,) = game.move("generator", batch, tfgan.randomness.Random([0, 0])).gradients
    around = [unrolled_objective(loss, 0.7 + d, -0.4, 1.3, steps, 0.3) for d in (-1e-5, 1e-5)]
    assert float(found[0]) == pytest.approx((around[1] - around[0]) / 2e-5, rel=1e-7)


def test_the_unrolled_gradient_passes_through_adam():
    game = game_of(0.3, (0.7, -0.4), rule={"unrolled": 2}, optimizer=keras.optimizers.Adam)
    batch = {"images": tf.zeros([1, 1], tf.float64)}
    (found,) = game.move("generator", batch, tfgan.randomness.Random([0, 0])).gradients

    def objective(theta, psi=-0.4, m=0.0, v=0.0):
        for step in (1, 2):
            gradient = theta * sigmoid(theta * psi)
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
            psi -= 0.3 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
        return np.log1p(np.exp(-theta * psi))

    expected = (objective(0.70001) - objective(0.69999)) / 2e-5
    assert float(found[0]) == pytest.approx(expected, rel=1e-4)


# ------------------------------------------------------------- rules in `fit`


def _every_rule_and_schedule():
    """Every rule and every schedule; all their pairs with both optimizers as slow tests."""
    pairs = itertools.product(RULES, SCHEDULES, (keras.optimizers.SGD, tfgan.training.optimizers.Adam))
    for rule, schedule, optimizer in pairs:
        often = optimizer is keras.optimizers.SGD and (schedule == "alternating" or rule == "plain")
        yield pytest.param(rule, schedule, optimizer, marks=[] if often else [pytest.mark.slow])


@pytest.mark.parametrize("rule, schedule, optimizer", list(_every_rule_and_schedule()))
def test_every_rule_trains_under_every_schedule_or_says_why_not(rule, schedule, optimizer):
    make = lambda: tiny.points_game(lambda: optimizer(0.01), rule=rule, schedule=schedule)
    if RULES[rule].passes_of_its_own and schedule.endswith("shared"):
        with pytest.raises(ValueError, match="schedule: expected one that shares no passes"):
            make()
    else:
        # The first rounds may skip a side's update.
        steps = 10 if schedule == "adaptive" else 2
        logs = tiny.assert_trains(make(), tiny.endless(tiny.points(8)), steps)
        assert set(logs) == {"discriminator_loss", "generator_loss"}


@pytest.mark.parametrize("rule", RULES)
def test_what_a_rule_looks_at_is_not_logged(rule):
    game = tiny.points_game(rule=rule)
    logs = game.fit(tiny.endless(tiny.points(8)), steps_per_epoch=1, verbose=0).history
    assert set(logs) == {"discriminator_loss", "generator_loss"}
    assert game.terms.counts.numpy()[:3].tolist() == [1, 1, 0]
    alone = tiny.points_game(rule=rule, discriminator_steps=0)
    logs = alone.fit(tiny.endless(tiny.points(8)), steps_per_epoch=1, verbose=0).history
    assert set(logs) == {"generator_loss"}


def test_the_previous_gradients_of_optimistic_are_saved(tmp_path):
    data = tiny.endless(tiny.points(8))
    game = tiny.points_game(rule="optimistic")
    game.fit(data, steps_per_epoch=3, verbose=0)
    memory = tiny.values(game.gradients_before["generator"])
    assert any(np.abs(values).max() > 0 for values in memory)
    game.save(tmp_path / "game.keras")
    assert keras.saving.load_model(tmp_path / "game.keras", compile=False).gradients_before
    again = keras.saving.load_model(tmp_path / "game.keras")
    assert tiny.same(memory, tiny.values(again.gradients_before["generator"]))
    for each in (game, again):
        each.fit(data, steps_per_epoch=2, verbose=0)
    assert tiny.same(tiny.values(game.trainable_variables), tiny.values(again.trainable_variables))


@pytest.mark.parametrize("settings, message", [
    ({"rule": "optimistc"}, "rule: expected one of plain.*Did you mean 'optimistic'"),
    ({"rule": {"unrolled": 2.5}}, r"rule: expected a whole number > 0 for unrolled .*; got 2.5"),
    ({"rule": {"consensus": -1}}, r"rule: expected a number > 0 for consensus \(weight\); got -1"),
    ({"rule": {"unrolled": float("inf")}}, "rule: expected a whole number > 0 for unrolled .*; got inf"),
    ({"rule": {"consensus": float("nan")}}, "rule: expected a number > 0 for consensus .*; got nan"),
    ({"rule": {"plain": 1}}, "rule: expected a number only for consensus, unrolled; got"),
    ({"rule": {}}, "rule: expected one name, or a dict"),
    ({"rule": "extragradient", "clip_weights": 1.0}, "clip_weights: expected None with rule='extragradient'"),
    ({"schedule": "adaptive", "loss": "wasserstein"}, "schedule: expected alternating or simultaneous for a loss without a scale"),
])  # fmt: skip
def test_what_cannot_work_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        tiny.points_game(**settings)


@pytest.mark.parametrize("optimizer, named", [
    (lambda: keras.optimizers.RMSprop(0.1), "RMSprop"),
    (lambda: keras.optimizers.Adam(0.1, amsgrad=True), "Adam with amsgrad"),
    (lambda: keras.optimizers.SGD(0.1, clipnorm=1.0), "SGD with clipnorm"),
])  # fmt: skip
@pytest.mark.parametrize("rule", ["extragradient", "unrolled"])
def test_optimizers_without_virtual_steps_are_refused(optimizer, named, rule):
    with pytest.raises(ValueError, match=f"rule: expected plain SGD or Adam.*got '{named}'"):
        tiny.points_game(optimizer, rule=rule)


def test_rules_that_compute_with_gradients_refuse_scaled_ones():
    scaled = lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1))
    for rule in ("optimistic", "consensus"):
        with pytest.raises(ValueError, match=f"rule: expected plain with an optimizer that scales .*{rule}"):
            tiny.points_game(scaled, rule=rule)


@pytest.mark.parametrize("rule", RULES)
def test_weights_without_influence_on_the_loss_do_not_change(rule):
    networks = tiny.points_networks()
    body = networks["discriminator"]
    hidden = body.layers[0](body.inputs[0])
    outputs = {"logits": body.layers[-1](hidden), "classes": keras.layers.Dense(3, name="idle")(hidden)}
    networks["discriminator"] = keras.Model(body.inputs, outputs)
    game = tiny.points_game(networks=networks, rule=rule)
    idle = tiny.values(networks["discriminator"].get_layer("idle").weights)
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))
    assert tiny.same(idle, tiny.values(networks["discriminator"].get_layer("idle").weights))


@pytest.mark.parametrize("settings", [
    {"rule": "extragradient"}, {"rule": "unrolled"}, {"schedule": "adaptive"}
], ids=str)  # fmt: skip
def test_penalties_in_some_rounds_only_need_real_weights(settings):
    with pytest.raises(ValueError, match="penalties: expected an interval of 1 .*r1"):
        tiny.points_game(penalties={"r1": (1.0, 2)}, **settings)


# ------------------------------------------------------------------- adaptive


@pytest.mark.parametrize("theta, psi, data, moves", [
    (1.0, -0.5, 0.0, {"discriminator": 4, "generator": 4}),
    (1.0, 0.5, 0.0, {"discriminator": 4, "generator": 0}),
    (-1.0, 5.0, 5.0, {"discriminator": 0, "generator": 4}),
], ids=["even", "worse than blind", "sure"])  # fmt: skip
def test_updates_of_the_side_that_is_ahead_are_skipped(theta, psi, data, moves):
    still = lambda rate: keras.optimizers.SGD(1e-6)
    game = game_of(1e-6, (theta, psi), still, schedule="adaptive")
    for _ in range(4):
        game.train_step(tf.fill([1, 1], tf.constant(data, tf.float64)))
    assert {side: int(o.iterations.numpy()) for side, o in game.optimizers.items()} == moves
    assert all(float(value) > 0 for value in game.terms.result().values()), "a side at rest is watched"


def test_a_loss_of_nan_is_logged():
    game = tiny.points_game(schedule="adaptive")
    game.set_weights([np.full_like(w, np.nan) if w.dtype == "float32" else w for w in game.get_weights()])
    game.train_step(tf.constant(tiny.points(8)))
    assert all(np.isnan(float(value)) for value in game.terms.result().values())


@pytest.mark.parametrize("settings, message", [
    *[({"rule": rule}, f"rule: expected plain or optimistic on 2 replicas.*; got '{rule}'")
      for rule in ("extragradient", "consensus", "unrolled")],
    ({"schedule": "adaptive"}, "schedule: expected alternating or simultaneous on 2 replicas.*got 'adaptive'"),
])  # fmt: skip
def test_what_does_not_work_on_replicas_is_refused(settings, message):
    game = tiny.points_game(**settings)
    compatibility.check_compiled(game, replicas=1)
    with pytest.raises(ValueError, match=message):
        compatibility.check_compiled(game, replicas=2)


@pytest.mark.parametrize("rule", ["plain", "optimistic"])
def test_rules_of_one_point_work_on_replicas(rule):
    compatibility.check_compiled(tiny.points_game(rule=rule), replicas=2)


def test_rates_that_stand_still_with_a_side_are_refused():
    with pytest.raises(ValueError, match="schedule: expected alternating or simultaneous with a learning rate or momentum that changes"):
        tiny.points_game(lambda: tfgan.training.optimizers.Adam(rates.Decay(0.1, 1, fall=5, total=9)), schedule="adaptive")

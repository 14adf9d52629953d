"""What a user of Keras hands to a game: it works, with the right value, or is refused in a sentence."""

import os
import subprocess
import sys
import tempfile
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan
import tiny
from tfgan.checkpoints import Checkpoints
from tfgan.data.pixels import from_uint8
from tfgan.models import ConditionalGAN

SHAPE = (4, 4, 1)
layers = keras.layers
# A path at which nothing is ever written.
NEVER = os.path.join(tempfile.mkdtemp(), "never.keras")


def networks(shape=SHAPE, end="tanh", out=None, classes=0):
    """A generator and a discriminator of small images."""
    z, x = keras.Input((tiny.LATENT,)), keras.Input(shape)
    labels = [keras.Input((), dtype="int32", name="condition") for _ in range(2)] if classes else []
    one_hot = [tfgan.layers.LabelsToOneHot((classes,))(label) for label in labels]
    made = layers.Concatenate()([z, one_hot[0]]) if classes else z
    made = layers.Reshape(shape)(layers.Dense(int(np.prod(shape)), activation=end)(made))
    seen = layers.Flatten()(x)
    seen = layers.Concatenate()([seen, one_hot[1]]) if classes else seen
    logits = layers.Dense(1, activation=out)(layers.Dense(4, activation="relu")(seen))
    return {
        "generator": keras.Model([z, *labels[:1]] if classes else z, made),
        "discriminator": keras.Model([x, *labels[1:]] if classes else x, logits),
    }


def game(kind=tfgan.GAN, compile=(), of=None, **settings):
    made = kind(**(of or networks()), **settings)
    return tiny.compiled(made, **dict(compile))


def conditional(**settings):
    return game(ConditionalGAN, of=networks(classes=3), **settings)


def pixels(n=16, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), np.uint8)


def images(n=16, shape=SHAPE, seed=0):
    return from_uint8(pixels(n, shape, seed))


def dataset(*parts, rows=8, **options):
    parts = parts[0] if len(parts) == 1 else parts
    return tf.data.Dataset.from_tensor_slices(parts).batch(rows, **{"drop_remainder": True, **options})


def fitted(played, *args, **kwargs):
    """The history of a `fit` that warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return played.fit(*args, verbose=0, **kwargs).history


def with_nan(array):
    array = array.copy()
    array[1, 0] = np.nan
    return array


class Plain(keras.Model):
    """A subclassed network as people write them: no get_config, no registration."""

    def __init__(self, shape, end=None, units=4):
        super().__init__()
        self.steps = [layers.Flatten(), layers.Dense(units, activation="tanh")]
        self.steps += [layers.Dense(int(np.prod(shape)), activation=end), layers.Reshape(shape)]

    def call(self, inputs, training=False):
        for step in self.steps:
            inputs = step(inputs)
        return inputs


def subclassed(generator=Plain):
    built = {"generator": generator(SHAPE, "tanh"), "discriminator": Plain((1,))}
    built["generator"](np.zeros((5, tiny.LATENT), "float32"))
    built["discriminator"](images(5))
    return built


# ----------------------------------------------------------------- refused in a sentence

SCHEDULED = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)


def set_rate(epoch, logs):
    tfgan.sides.SideOptimizers({}).learning_rate = 0.1


def untrainable():
    built = networks()
    built["discriminator"].trainable = False
    return built


class TwoArguments(keras.Model):
    def call(self, latents, condition):
        return latents


def called_on_two():
    network = TwoArguments()
    network(tf.zeros((2, 3)), tf.zeros((2,)))
    return network


REFUSED = {
    # the constructor
    "a network that is none": (
        lambda: tfgan.GAN(generator="dcgan", discriminator=None),
        "generator: expected a keras.Model; got 'dcgan'",
    ),
    "a network never built": (
        lambda: game(of={**networks(), "generator": Plain(SHAPE)}),
        "generator: expected a keras.Model with an Input, or one that was called .*got 'Plain, which was never built'",
    ),
    "a sigmoid before a loss of logits": (
        lambda: game(of=networks(out="sigmoid")),
        "discriminator: expected a network that ends with logits.*got 'one that ends with sigmoid'",
    ),
    "a sigmoid at the end of a Sequential": (
        lambda: game(of={**networks(), "discriminator": keras.Sequential(
            [keras.Input(SHAPE), layers.Flatten(), layers.Dense(1, activation="sigmoid")]
        )}),
        "discriminator: expected a network that ends with logits.*got 'one that ends with sigmoid'",
    ),
    "an average of what cannot be copied": (
        lambda: game(of=subclassed()),
        "ema_half_life: expected None where a network cannot be copied, as an average of generator needs .*get_config",
    ),
    "a network of two arguments": (
        lambda: game(of={**networks(), "generator": called_on_two()}),
        "generator: expected a network that is called on one tensor, or on one list of tensors",
    ),
    "a side that cannot be trained": (
        lambda: game(of=untrainable()),
        r"discriminator: expected trainable weights \(frozen=\('discriminator',\) leaves networks out\)",
    ),
    "a generator of grey and a discriminator of colour": (
        lambda: game(of={**networks(), "discriminator": networks((4, 4, 3))["discriminator"]}),
        r"discriminator: expected inputs of shape \(4, 4, 1\), which the generator makes \(or views={'packing': 3}\); got \(4, 4, 3\)",
    ),
    # compile
    "compile with one optimizer": (
        lambda: tfgan.GAN(**networks()).compile(optimizer="adam"),
        "optimizer: expected generator_optimizer and discriminator_optimizer, one for each side; got 'adam'",
    ),
    "compile with a loss": (
        lambda: tfgan.GAN(**networks()).compile("adam", "adam", loss="mse"),
        "loss: expected none here: the loss is an argument of the game's",
    ),
    "compile with metrics": (
        lambda: tfgan.GAN(**networks()).compile("adam", "adam", metrics=["auc"]),
        "metrics: expected none here",
    ),
    "an optimizer that is none": (
        lambda: tfgan.GAN(**networks()).compile("adam", "adamm"),
        "discriminator_optimizer: expected a keras.optimizers.Optimizer or the name of one; got 'adamm'",
    ),
    # before compile
    "fit before compile": (
        lambda: tfgan.GAN(**networks()).fit(images()),
        "fit: expected a compiled game: game.compile",
    ),
    "evaluate before compile": (
        lambda: tfgan.GAN(**networks()).evaluate(images()),
        "evaluate: expected a compiled game",
    ),
    "train_on_batch before compile": (
        lambda: tfgan.GAN(**networks()).train_on_batch(images()),
        "train_on_batch: expected a compiled game",
    ),
    # data
    "NaN in an image": (
        lambda: game().fit(with_nan(images()), batch_size=8),
        "images: expected finite values; got 'NaN or infinity in 1 of 16 rows",
    ),
    "infinity in points": (
        lambda: tiny.points_game().fit(dataset(np.full((8, 2), np.inf, "float32"))),
        "images: expected finite values",
    ),
    "images of another size": (
        lambda: game().fit(dataset(images(shape=(8, 8, 1)))),
        r"images: expected shape \[n, 4, 4, 1\], as the networks take it; got '\[n, 8, 8, 1\]'",
    ),
    "images of three channels": (
        lambda: game().fit(images(shape=(4, 4, 3)), batch_size=8),
        r"images: expected shape \[n, 4, 4, 1\], as the networks take it; got '\[n, 4, 4, 3\]'",
    ),
    "dicts of other names": (
        lambda: game().fit(dataset({"image": images()})),
        r"x: expected batches of \(images\) for GAN; got 'batches of \(image\)'",
    ),
    "labels for a game without": (
        lambda: game().fit(dataset(images(), np.zeros(16, "int32"))),
        r"x: expected batches of \(images\) for GAN \(data.map\(lambda part_0, part_1: part_0\) keeps one part\); got 'batches of 2",
    ),
    "y for a game without": (
        lambda: game().fit(images(), np.zeros(16, "int32")),
        "y: expected None for GAN, which takes images; got 'ndarray of int32'",
    ),
    "no labels for a game with": (
        lambda: conditional().fit(images()),
        "x: expected images, condition for ConditionalGAN; got 'images'",
    ),
    "y beside a data set": (
        lambda: conditional().fit(dataset(images()), np.zeros(16)),
        "y: expected None beside a data set",
    ),
    "batch_size beside a data set": (
        lambda: game().fit(dataset(images()), batch_size=8),
        "batch_size: expected None beside a data set",
    ),
    "labels of another length": (
        lambda: conditional().fit(images(16), np.zeros(15, "int32"), batch_size=8),
        "x: expected parts of one length; got {'images': 16, 'condition': 15}",
    ),
    "labels outside the classes": (
        lambda: conditional().fit(images(), np.full(16, 3), batch_size=8),
        "condition: expected classes below 3; got 3",
    ),
    "labels outside the classes, later": (
        lambda: conditional().fit(dataset(images(), np.repeat([2, 3], 8))),
        "condition: expected classes from 0 to below 3; got 3",
    ),
    "fewer rows than a batch": (
        lambda: game().fit(images(16)),
        "batch_size: expected at most 16, the rows there are; got 32",
    ),
    "no whole round": (
        lambda: game().fit(dataset(images(5))),
        "x: expected at least one whole round of rows; got 'a data set without one'",
    ),
    "an empty data set": (lambda: game().fit(dataset(images(0))), "x: expected at least one whole round"),
    "no batch, length unknown": (
        lambda: game().fit(dataset(images()).filter(lambda x: False)),
        "x: expected at least one whole round of rows",
    ),
    "images as other integers": (
        lambda: game().fit(pixels().astype("int64"), batch_size=8),
        r"images: expected uint8, or floats in \[-1, 1\]; got 'int64'",
    ),
    "a NaN in a later row": (
        lambda: game().evaluate(np.concatenate([images(8), with_nan(images(8))]), batch_size=8),
        "images: expected finite values; got 'NaN",
    ),
    "single images": (
        lambda: game().fit(dataset(images()).unbatch()),
        r"x: expected batches \(data.batch\(64\)\); got 'a data set of single images'",
    ),
    "one-hot labels": (
        lambda: conditional().fit(images(), np.eye(3, dtype="float32")[np.arange(16) % 3], batch_size=8),
        r"condition: expected classes as integers \[n\] \(np.argmax",
    ),
    "labels as floats": (
        lambda: conditional().fit(images(), np.zeros(16), batch_size=8),
        r"condition: expected integer classes \(labels.astype\('int32'\)\)",
    ),
    "more arrays than parts": (
        lambda: conditional().fit([images(), np.zeros(16, int), images()]),
        "x: expected images, condition; got '3 arrays'",
    ),
    "parts within parts": (
        lambda: conditional().fit(dataset({"images": images()}, np.zeros(16, int))),
        "x: expected batches of .*got 'batches whose parts hold further parts'",
    ),
    "an iterator": (
        lambda: game().fit(iter(dataset(images()))),
        "x: expected a tf.data.Dataset, which fit itself iterates",
    ),
    "a batch size of text": (
        lambda: game().fit(images(), batch_size="8"),
        "batch_size: expected a whole number >= 1; got '8'",
    ),
    "half a step": (
        lambda: game().fit(dataset(images()), steps_per_epoch=2.5),
        "steps_per_epoch: expected a whole number >= 1; got 2.5",
    ),
    "half an epoch": (
        lambda: game().fit(dataset(images()), epochs=0.5),
        "epochs: expected a whole number >= 0; got 0.5",
    ),
    "nothing to evaluate": (
        lambda: game().evaluate(),
        "images: expected an array of numbers, a tf.data.Dataset.*got 'NoneType'",
    ),
    "lists of different lengths": (
        lambda: game().fit([[1.0], [1.0, 2.0]]),
        "images: expected an array of numbers",
    ),
    "no batch for train_on_batch": (
        lambda: game().train_on_batch(3.0),
        "x: expected a batch of arrays; got 'float'",
    ),
    "rows for train_on_batch that cannot be cut": (
        lambda: game(discriminator_steps=3).train_on_batch(images(16)),
        r"x: expected rows that divide by 3 \(max\(1, discriminator_steps\)\); got 16",
    ),
    "text": (
        lambda: game().fit(np.array(["a", "b"])),
        "images: expected an array of numbers, a tf.data.Dataset.*got 'ndarray of <U1'",
    ),
    "a Python generator": (
        lambda: game().fit(iter([images()])),
        "images: expected an array of numbers, a tf.data.Dataset, a keras.utils.PyDataset",
    ),
    "a round that cannot be cut": (
        lambda: game(discriminator_steps=5).fit(dataset(images())),
        r"x: expected batches that divide by 5 \(max\(1, discriminator_steps\)\)",
    ),
    "sample weights": (
        lambda: game().fit(images(), batch_size=8, sample_weight=np.ones(16)),
        "sample_weight: expected None",
    ),
    "class weights": (
        lambda: conditional().fit(images(), np.zeros(16, int), class_weight={0: 2.0}),
        "class_weight: expected None",
    ),
    "a validation split of a data set": (
        lambda: game().fit(dataset(images()), validation_split=0.5),
        "validation_split: expected 0 for data that are no arrays",
    ),
    # validation data, before the first round
    "endless validation data": (
        lambda: game().fit(images(), batch_size=8, validation_data=dataset(images()).repeat()),
        "validation_steps: expected a number, since the data is endless",
    ),
    "validation data of another size": (
        lambda: game().fit(images(), batch_size=8, validation_data=images(shape=(8, 8, 1))),
        r"validation_data: images: expected shape \[n, 4, 4, 1\]",
    ),
    # callbacks
    "a function as a callback": (
        lambda: game().fit(images(), batch_size=8, callbacks=[print]),
        "callbacks: expected keras.callbacks.Callback objects",
    ),
    "a file named by a log that does not exist": (
        lambda: game().fit(
            images(), batch_size=8, callbacks=[keras.callbacks.ModelCheckpoint(NEVER + "{loss}.keras")]
        ),
        "filepath: expected one of epoch, batch, discriminator_loss, generator_loss; got 'loss'",
    ),
    "a file of another kind": (
        lambda: game().fit(images(), batch_size=8, callbacks=[keras.callbacks.ModelCheckpoint("game.h5")]),
        "filepath: expected a .keras file, or save_weights_only; got 'game.h5'",
    ),
    "a rate of both optimizers": (
        lambda: game().fit(
            images(), batch_size=8, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=set_rate)]
        ),
        "learning_rate: expected to be set on generator_optimizer or discriminator_optimizer",
    ),
    "a log that does not exist": (
        lambda: game().fit(images(), batch_size=8, callbacks=[keras.callbacks.EarlyStopping("val_loss")]),
        "monitor: expected one of discriminator_loss, generator_loss; got 'val_loss'",
    ),
    "a best model by no log": (
        lambda: game().fit(
            images(), batch_size=8, callbacks=[keras.callbacks.ModelCheckpoint(NEVER, save_best_only=True)]
        ),
        "monitor: expected one of discriminator_loss, generator_loss; got 'val_loss'",
    ),
    "a rate that follows a schedule": (
        lambda: tiny.compiled(tfgan.GAN(**networks()), lambda: keras.optimizers.SGD(SCHEDULED)).fit(
            images(),
            batch_size=8,
            callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)],
        ),
        "discriminator_optimizer: expected a number as learning rate, which LearningRateScheduler can set; got 'one with a schedule'",
    ),
    "averages by Keras's callback": (
        lambda: game().fit(images(), batch_size=8, callbacks=[keras.callbacks.SwapEMAWeights()]),
        "callbacks: expected ema_half_life of the game.*got 'SwapEMAWeights'",
    ),
    "Keras's backup": (
        lambda: game().fit(images(), batch_size=8, callbacks=[keras.callbacks.BackupAndRestore(NEVER)]),
        "callbacks: expected tfgan.checkpoints.Checkpoints, which resumes exactly; got 'BackupAndRestore'",
    ),
    "an unknown side": (
        lambda: tfgan.callbacks.on_side("critic", keras.callbacks.Callback()),
        "side: expected one of discriminator, generator; got 'critic'",
    ),
    # save, load, export
    "a .keras file of what has no config": (
        lambda: game(of=subclassed(), ema_half_life=None).save(NEVER),
        "generator: expected a network with get_config, to save it in a .keras file",
    ),
    "loading what is not there": (
        lambda: tfgan.load(NEVER),
        "path: expected a .keras file that game.save wrote",
    ),
    "loading a class that is not registered": (
        lambda: tfgan.load(saved_with_an_unregistered_layer()),
        "path: expected a file whose classes are imported and registered .*got \"one with 'Unregistered', which is not",
    ),
    "an export to another format": (
        lambda: game().export(NEVER, format="onnx"),
        r"format: expected its default for a game \(game.generator.export takes any\); got 'onnx'",
    ),
}


def saved_with_an_unregistered_layer():
    generator = keras.Sequential(
        [keras.Input((tiny.LATENT,)), layers.Dense(16), Unregistered(1.0), layers.Reshape(SHAPE)]
    )
    path = os.path.join(tempfile.mkdtemp(), "game.keras")
    game(of={**networks(), "generator": generator}).save(path)
    return path


@pytest.mark.parametrize("given", REFUSED)
def test_refused_in_one_sentence_before_the_first_round(given, monkeypatch):
    hand_in, sentence = REFUSED[given]
    with pytest.raises(ValueError, match=sentence) as caught:
        hand_in()
    assert isinstance(caught.value, tfgan.errors.InputError)
    assert not os.path.exists(NEVER)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


# ------------------------------------------------------------------ warned of, with the remedy

WARNED = {
    "0 to 255": (lambda: game(), lambda: images() * 127.5 + 127.5, "images / 127.5 - 1"),
    "0 to 1": (lambda: game(), lambda: images() / 2 + 0.5, r"images \* 2 - 1"),
    "0 to 255 for a sigmoid": (
        lambda: game(of=networks(end="sigmoid")),
        lambda: images() * 127.5 + 127.5,
        "images / 255",
    ),
    "-1 to 1 for a sigmoid": (lambda: game(of=networks(end="sigmoid")), images, r"\(images \+ 1\) / 2"),
}


@pytest.mark.parametrize("given", WARNED)
def test_a_range_that_is_likely_a_mistake_warns_with_the_remedy(given):
    make, of_range, remedy = WARNED[given]
    with pytest.warns(UserWarning, match=remedy):
        make().fit(of_range(), batch_size=8, verbose=0)


def test_images_from_0_to_1_are_right_for_a_generator_that_ends_in_a_sigmoid():
    assert fitted(game(of=networks(end="sigmoid")), images() / 2 + 0.5, batch_size=8)


def test_a_sigmoid_suits_targets_of_least_squares():
    assert fitted(game(of=networks(out="sigmoid"), loss="least_squares"), images(), batch_size=8)


# ---------------------------------------------------------------------- works, and how


def losses(data, *args, make=game, **kwargs):
    """The losses of one epoch from the same weights."""
    keras.utils.set_random_seed(0)
    return fitted(make(), data, *args, **kwargs)


class Batches(keras.utils.PyDataset):
    """Keras's own kind of data set, of two batches."""

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return images()[8 * i : 8 * (i + 1)]


SAME_AS_FLOATS = {
    "bytes": lambda: (dataset(pixels()),),
    "a dict": lambda: (dataset({"images": images()}),),
    "doubles": lambda: (dataset(images().astype("float64")),),
    "no channel axis": lambda: (dataset(images()[..., 0]),),
    "a PyDataset": lambda: (Batches(),),
    "batches of unknown size": lambda: (dataset(images(), drop_remainder=False),),
    "a length that is not known": lambda: (dataset(images()).filter(lambda x: True),),
}


@pytest.fixture(scope="module")
def as_floats():
    return losses(dataset(images()))


@pytest.fixture(scope="module")
def with_labels():
    return losses(dataset(images(), np.arange(16, dtype="int32") % 3), make=conditional)


@pytest.mark.parametrize("given", SAME_AS_FLOATS)
def test_what_can_be_converted_safely_trains_as_floats_do(given, as_floats):
    expected, found = as_floats, losses(*SAME_AS_FLOATS[given]())
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-6)


LABELS = {
    "int": np.arange(16) % 3,
    "bytes, as keras.datasets has them": (np.arange(16) % 3).astype("uint8"),
    "a column, as keras.datasets.cifar10 has them": (np.arange(16) % 3)[:, None],
}


@pytest.mark.parametrize("given", LABELS)
def test_labels_are_y_of_a_conditional_game(given, with_labels):
    found = losses(images(), LABELS[given], batch_size=8, shuffle=False, make=conditional)
    assert found == with_labels


def test_arrays_are_shuffled_by_the_seed_and_begin_the_next_pass_where_the_last_ended():
    played = game(seed=5)
    fitted(played, {"images": images(20)}, batch_size=8, epochs=3)
    # 20 rows are two whole rounds a pass, and every epoch plays two.
    assert played.step_number() == 6 and int(played.images_shown.numpy()) == 48
    assert losses(images(), batch_size=8) == losses(images(), batch_size=8)


def test_leftover_rows_of_a_data_set_begin_its_next_pass():
    seen = []
    data = dataset(images(20), drop_remainder=False).map(
        lambda x: tf.py_function(lambda y: (seen.append(len(y)), y)[1], [x], tf.float32)
    )
    data = data.map(lambda x: tf.ensure_shape(x, (None, *SHAPE)))
    played = game()
    fitted(played, data, epochs=2)
    # Batches of 8, 8 and 4 rows are three rounds an epoch: the third borrows from the next pass.
    assert played.step_number() == 6 and int(played.images_shown.numpy()) == 48


def test_fit_in_a_loop_goes_on_with_the_rows_of_arrays():
    seen = set()
    played = game()
    rows = np.linspace(-1, 1, 20, dtype="float32").reshape(20, 1, 1, 1) * np.ones(SHAPE, "float32")
    played.see_first_batch = lambda batch: seen.update(batch["images"].numpy()[:, 0, 0, 0].tolist())
    for _ in range(3):
        first = tfgan.training.rounds.of_training(played, rows, batch_size=8).first
        seen.update(first["images"].numpy()[:, 0, 0, 0].tolist())
        fitted(played, rows, batch_size=8, steps_per_epoch=1)
    # Three rounds of 8 rows are a pass of 20 and the beginning of the next.
    assert len(seen) == 20


def test_summary_and_early_stopping_leave_the_counters_alone(capsys):
    played = game()
    played.summary()
    stopping = keras.callbacks.EarlyStopping("generator_loss", mode="max", restore_best_weights=True)
    fitted(played, images(), batch_size=8, epochs=3, callbacks=[stopping])
    rounds = int(played.generator_optimizer.iterations.numpy())
    assert played.step_number() == rounds and int(played.images_shown.numpy()) == 8 * rounds


def test_labels_with_an_axis_of_their_own_fit_networks_that_take_one():
    z, label, x = keras.Input((tiny.LATENT,)), keras.Input((1,), dtype="int32"), keras.Input(SHAPE)
    embedded = layers.Flatten()(layers.Embedding(3, 2)(label))
    made = layers.Reshape(SHAPE)(layers.Dense(16, activation="tanh")(layers.Concatenate()([z, embedded])))
    logits = layers.Dense(1)(layers.Concatenate()([layers.Flatten()(x), embedded]))
    of = {"generator": keras.Model([z, label], made), "discriminator": keras.Model([x, label], logits)}
    played = game(ConditionalGAN, of=of)
    fitted(played, images(), np.arange(16) % 3, batch_size=8)
    np.testing.assert_array_equal(
        played.generate(2, seed=0, condition=2), played.generate(2, seed=0, condition=[[2], [2]])
    )
    with pytest.raises(ValueError, match="condition: expected classes below 3; got 7"):
        played.generate(1, condition=7)


def test_the_data_set_that_keras_makes_of_a_folder(tmp_path):
    (tmp_path / "a").mkdir()
    for i, image in enumerate(pixels(10, (8, 8, 1))):
        keras.utils.save_img(tmp_path / "a" / f"{i}.png", image, scale=False)
    data = keras.utils.image_dataset_from_directory(
        tmp_path, label_mode=None, color_mode="grayscale", image_size=(4, 4), batch_size=4, verbose=False
    )
    played = game()
    fitted(played, data.map(lambda x: x / 127.5 - 1.0), epochs=2)
    assert played.step_number() == 6
    labelled = keras.utils.image_dataset_from_directory(
        tmp_path, color_mode="grayscale", image_size=(4, 4), batch_size=4, verbose=False
    )
    fitted(conditional(), labelled.map(lambda x, y: (x / 127.5 - 1.0, y)))


def test_a_source_of_the_library_is_data():
    source = tfgan.data.open_source("ring")
    played = tiny.points_game()
    fitted(played, source, batch_size=8, steps_per_epoch=2)
    assert played.step_number() == 2


def test_a_validation_split_holds_the_last_rows_out():
    history = fitted(game(), images(), batch_size=8, validation_split=0.5)
    assert set(history) == {
        "discriminator_loss", "generator_loss", "val_discriminator_loss", "val_generator_loss"
    }  # fmt: skip


def test_evaluate_on_arrays():
    played = game()
    expected = played.evaluate(dataset(images()), verbose=0)
    assert played.evaluate(images(), batch_size=8, verbose=0) == expected
    assert played.evaluate(pixels(17), batch_size=8, verbose=0, return_dict=True).keys() >= {"generator_loss"}


# -------------------------------------------------------------- the end of finite data


def unknown_length(batches=5, rows=8):
    spec = tf.TensorSpec((rows, tiny.DIMS))
    return tf.data.Dataset.from_generator(
        lambda: (tiny.points(rows, seed) for seed in range(batches)), output_signature=spec
    )


@pytest.mark.parametrize("calls", [1, 2, 4])
def test_the_end_of_finite_data_is_no_round(calls):
    played = tiny.compiled(tfgan.GAN(**tiny.points_networks()), steps_per_execution=calls)
    played.fit(unknown_length(), epochs=3, verbose=0)
    counters = [played.step, played.images_shown, played.generator_optimizer.iterations]
    assert [int(counter.numpy()) for counter in counters] == [15, 120, 15]


@pytest.mark.parametrize("calls", [1, 4])
def test_evaluation_of_data_of_unknown_length_is_the_mean_of_its_batches(calls):
    played = tiny.compiled(tfgan.GAN(**tiny.points_networks()), steps_per_execution=calls)
    whole = unknown_length().apply(tf.data.experimental.assert_cardinality(5))
    expected = tiny.compiled(played).evaluate(whole, verbose=0)
    tiny.compiled(played, steps_per_execution=calls)
    assert played.evaluate(unknown_length(), verbose=0) == pytest.approx(expected, rel=1e-6)
    assert int(played.terms.batches) == 5


# ----------------------------------------------------------------- what evaluation changes


class Counts(layers.Layer):
    """A layer that assigns a trainable and another weight whenever it is called."""

    def build(self, input_shape):
        self.moved = self.add_weight(shape=(), initializer="zeros")
        self.counted = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, inputs):
        self.moved.assign(self.moved + 1.0)
        self.counted.assign(self.counted + 1.0)
        return inputs + 0.0 * (self.moved + self.counted)


class Subclassed(Plain):
    """A subclassed network whose layer assigns weights."""

    def __init__(self, shape, end=None):
        super().__init__(shape, end)
        self.steps.insert(0, Counts())


def assigning():
    spectral = layers.SpectralNormalization
    return {
        "generator": keras.Sequential(
            [keras.Input((tiny.LATENT,)), spectral(layers.Dense(16)), Counts(), layers.Reshape(SHAPE)]
        ),
        "discriminator": keras.Sequential(
            [keras.Input(SHAPE), layers.Flatten(), Counts(), spectral(layers.Dense(4)), layers.Dense(1)]
        ),
    }


CHANGES_NOTHING = {
    "evaluate": lambda played: played.evaluate(images(), batch_size=8, verbose=0),
    "test_on_batch": lambda played: played.test_on_batch(images(8)),
    "generate": lambda played: played.generate(4, seed=0, use_ema=False),
    "generate, averaged": lambda played: played.generate(4, seed=0),
    "logits": lambda played: played.logits(images()),
    "predict": lambda played: played.predict(tiny.points(6)[:, [0, 1, 0]], verbose=0),
    "a subclassed network": lambda played: tfgan.shapes.outputs_of(played.subclassed),
    "generate_best": lambda played: played.generate_best(2, 0.5, seed=0),
    "names of logs": lambda played: played.term_names(dataset(images()).element_spec),
}


@pytest.fixture(scope="module")
def assigns():
    """A trained game whose layers assign weights whenever they are called."""
    played = game(of=assigning())
    played.fit(images(), batch_size=8, verbose=0)
    played.subclassed = Subclassed(SHAPE)
    played.subclassed(images(2))
    return played


@pytest.mark.parametrize("use", CHANGES_NOTHING)
def test_evaluating_and_sampling_change_no_bit_whatever_layers_assign(use, assigns):
    played = assigns
    owned = [
        played.subclassed,
        *played.networks().values(),
        *played.averages.values(),
        *played.optimizers.values(),
    ]
    variables = [v for owner in owned for v in owner.variables] + [played.step, played.images_shown]
    before = tiny.values(variables)
    CHANGES_NOTHING[use](played)
    assert tiny.same(before, tiny.values(variables))


# ------------------------------------------------------------------------ ruined weights


@pytest.mark.parametrize("loss", sorted(set(tfgan.losses.LOSSES) - {"least_squares", "wasserstein"}))
def test_losses_of_logits_refuse_probabilities(loss):
    with pytest.raises(ValueError, match="discriminator: expected a network that ends with logits"):
        game(of=networks(out="sigmoid"), loss=loss)


def test_a_nan_that_comes_later_is_named_with_its_tick():
    points = np.concatenate([tiny.points(16), np.full((8, 2), np.nan, "float32")])
    for played, batches in (
        (game(), np.concatenate([images(16), with_nan(images(8))])),
        (tiny.points_game(), points),
    ):
        with pytest.raises(
            FloatingPointError, match="loss: expected a finite value; got nan in tick 2, after 32 images"
        ):
            played.fit(dataset(batches).repeat(), epochs=3, steps_per_epoch=2, verbose=0)


def test_a_nan_that_no_loss_shows_is_found_in_the_weights():
    played = game(ema_half_life=100)
    played.fit(images(), batch_size=8, verbose=0)
    played.averages["generator"].variables[0].assign(np.full((tiny.LATENT, 16), np.nan))
    with pytest.raises(
        FloatingPointError,
        match="average of generator: expected finite variables; got NaN or infinity in '.*kernel' in tick 1",
    ) as caught:
        played.fit(images(), batch_size=8, verbose=0)
    assert "loss" not in str(caught.value)


# ------------------------------------------------------------------- one batch at a time


def test_train_on_batch_is_one_round_of_fit():
    keras.utils.set_random_seed(0)
    one, other = game(), None
    logs = one.train_on_batch(pixels(8), return_dict=True)
    keras.utils.set_random_seed(0)
    other = game()
    history = other.fit(dataset(images(8)), verbose=0).history
    assert one.step_number() == 1 and logs == pytest.approx({k: v[0] for k, v in history.items()}, rel=1e-6)
    assert tiny.same(tiny.values(one.generator.variables), tiny.values(other.generator.variables))


def test_on_batch_methods_return_the_losses_of_that_batch():
    played = game()
    played.train_on_batch(images(8))
    expected = played.evaluate(images(8), batch_size=8, verbose=0)
    assert played.test_on_batch(images(8)) == pytest.approx(expected, rel=1e-6)
    assert played.step_number() == 1
    with pytest.raises(ValueError, match="images: expected finite values; got 'NaN or infinity in 1 of 8"):
        played.train_on_batch(with_nan(images(8)))
    played.generator.trainable_variables[0].assign(np.full((tiny.LATENT, 16), np.nan))
    with pytest.raises(FloatingPointError, match="loss: expected a finite value; got nan after 2 rounds"):
        played.train_on_batch(images(8))


# ------------------------------------------------------------------------- learning rates


def rates(played):
    return [
        float(keras.ops.convert_to_numpy(o.learning_rate))
        for o in (played.generator_optimizer, played.discriminator_optimizer)
    ]


def of_two_rates():
    played = tfgan.GAN(**networks())
    played.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.04))
    return played


def test_a_learning_rate_scheduler_acts_on_both_sides_each_from_its_own_rate():
    played = of_two_rates()
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = fitted(played, images(), batch_size=8, epochs=2, callbacks=[halve])
    assert rates(played) == pytest.approx([0.0025, 0.01])
    assert history["learning_rate_generator"] == pytest.approx([0.005, 0.0025])
    assert history["learning_rate_discriminator"] == pytest.approx([0.02, 0.01])


def test_a_learning_rate_scheduler_on_one_side():
    played = of_two_rates()
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    fitted(played, images(), batch_size=8, epochs=2, callbacks=[tfgan.callbacks.on_side("generator", halve)])
    assert rates(played) == pytest.approx([0.0025, 0.04])


def test_reduce_on_plateau_acts_on_both_sides():
    played = of_two_rates()
    reduce = keras.callbacks.ReduceLROnPlateau("generator_loss", factor=0.1, patience=1, min_delta=100.0)
    fitted(played, images(), batch_size=8, epochs=2, callbacks=[reduce])
    assert rates(played) == pytest.approx([0.001, 0.004])


# ------------------------------------------------------- networks of any kind, and copies


def test_subclassed_networks_train_generate_resume_and_export(tmp_path):
    def fresh():
        keras.utils.set_random_seed(0)
        return game(of=subclassed(), ema_half_life=None)

    played = fresh()
    data = lambda start_step: tfgan.data.records.Records(pixels()).batches(8, start_step=start_step)
    saver = Checkpoints(tmp_path / "a")
    saver.fit(played, data, epochs=4, steps_per_epoch=2)
    assert played.generate(3, seed=1).shape == (3, *SHAPE)
    first = Checkpoints(tmp_path / "b")
    first.fit(fresh(), data, epochs=2, steps_per_epoch=2)
    again, second = fresh(), Checkpoints(tmp_path / "b")
    assert second.restore(again).tick == 2
    second.fit(again, data, epochs=4, steps_per_epoch=2)
    assert tiny.same(
        *(tiny.values([v for n in each.networks().values() for v in n.variables]) for each in (played, again))
    )
    played.export(tmp_path / "exported")
    made = tf.saved_model.load(str(tmp_path / "exported")).signatures["generate"](
        num_images=tf.constant(3), seed=tf.constant(1)
    )["images"]
    np.testing.assert_array_equal(made, tfgan.data.pixels.to_uint8(played.generate(3, seed=1)))


@keras.saving.register_keras_serializable("tests")
class Configured(Plain):
    """A subclassed network with a config."""

    def __init__(self, shape, end=None, units=4, **kwargs):
        super().__init__(shape, end, units)
        self.config = {"shape": shape, "end": end, "units": units}

    def get_config(self):
        return dict(self.config)


def test_a_subclassed_network_with_a_config_has_an_average_and_a_file(tmp_path):
    played = game(of={**subclassed(Configured), "discriminator": networks()["discriminator"]})
    fitted(played, images(), batch_size=8)
    assert not tiny.same(
        tiny.values(played.averages["generator"].variables), tiny.values(played.generator.variables)
    )
    played.save(tmp_path / "game.keras")
    again = tfgan.load(tmp_path / "game.keras")
    np.testing.assert_array_equal(again.generate(2, seed=0), played.generate(2, seed=0))


def triple(x):
    return 3.0 * x


class Unregistered(layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return self.factor * inputs

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


NOT_REGISTERED = {
    "a Lambda": lambda: layers.Lambda(lambda x: 3.0 * x),
    "a layer": lambda: Unregistered(3.0),
    "a function as activation": lambda: layers.Activation(triple),
    "a lambda as activation": lambda: layers.Activation(lambda x: 3.0 * x),
    "a layer in a wrapper": lambda: layers.TimeDistributed(Unregistered(3.0)),
    "a nested model": lambda: keras.Sequential([layers.Dense(1, activation=triple), Unregistered(1.0)]),
}


@pytest.mark.parametrize("given", NOT_REGISTERED)
def test_averages_of_networks_that_keras_has_not_registered(given):
    generator = keras.Sequential(
        [
            keras.Input((tiny.LATENT,)),
            layers.Dense(16),
            layers.Reshape((16, 1)),
            NOT_REGISTERED[given](),
            layers.Reshape(SHAPE),
        ]
    )
    played = game(of={**networks(), "generator": generator})
    average = played.averages["generator"]
    z = tiny.points(5)[:, [0, 1, 0]]
    np.testing.assert_array_equal(average(z), generator(z))
    fitted(played, images(), batch_size=8)
    assert not tiny.same(tiny.values(average.variables), tiny.values(generator.variables))


# ----------------------------------------------------------------- precision, files, export


def test_a_float16_policy_wraps_both_optimizers_as_keras_does():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = {
            "generator": keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype="float32")]),
            "discriminator": keras.Sequential(
                [keras.Input((2,)), layers.Dense(4), layers.Dense(1, dtype="float32")]
            ),
        }
        played = tiny.compiled(tfgan.GAN(**half), lambda: keras.optimizers.SGD(0.01))
    finally:
        keras.config.set_dtype_policy("float32")
    assert isinstance(played.discriminator_optimizer, keras.optimizers.LossScaleOptimizer)
    assert isinstance(played.generator_optimizer, keras.optimizers.LossScaleOptimizer)
    fitted(played, tiny.points(16), batch_size=8)


@pytest.mark.slow
def test_keras_loads_a_game_in_a_new_process_after_importing_the_library(tmp_path):
    played = conditional()
    fitted(played, images(), np.arange(16) % 3, batch_size=8)
    played.save(tmp_path / "game.keras")
    np.save(tmp_path / "expected.npy", played.generate(2, seed=0, condition=1))
    script = (
        "import keras, tfgan, numpy as np\n"
        "for load in (keras.saving.load_model, tfgan.load):\n"
        "    game = load('game.keras')\n"
        "    assert np.array_equal(game.generate(2, seed=0, condition=1), np.load('expected.npy'))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_keras_export_writes_the_librarys_saved_model(tmp_path):
    played = game()
    fitted(played, images(), batch_size=8)
    played.export(str(tmp_path / "exported"), format="tf_saved_model")
    assert {"generate", "discriminate", "serving_default"} <= set(
        tf.saved_model.load(str(tmp_path / "exported")).signatures
    )

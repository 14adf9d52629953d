"""The semi-supervised game: a classifier of K classes learns from few labels and generated images."""

import keras
import tensorflow as tf

from tfgan import errors, shapes
from tfgan.averages import FromZero
from tfgan.gan import GAN, batch_size
from tfgan.layers import WeightNormDense
from tfgan.precision import at_least_float32
from tfgan.samplers import Sampler

# How fast the average of the discriminator, which classifies, moves: the paper's.
AVERAGE_RATE = 1e-4


@keras.saving.register_keras_serializable(package="tfgan")
class SemiSupervisedGAN(GAN):
    """A GAN whose discriminator tells K classes of real images and, as class K + 1, generated ones.

    It learns classes from labelled images, and to tell real from generated from unlabelled
    ones. The generator matches the mean features of real images. The classifier is the
    discriminator's average; the sampler `classify` gives its class probabilities.

    Trained on `images`, unlabelled; `labelled_images` and their `labelled_condition`, int
    `[batch]`; and `matched_images`, further unlabelled ones that the generator matches:

    ```
    --dataset=images=mnist,labelled=mnist?per_class=10&condition=label,matched=mnist
    ```

    Args:
        generator_loss: "feature_matching", as in the paper, or "adversarial", the generator's half of
            `loss`; name in `GENERATOR_LOSSES`. Feature matching does not go with several replicas.
        average_rate: share of the way to its weights that the discriminator's average, which
            starts at 0, moves in a round; None: no average.
        **kwargs: those of `tfgan.GAN`. The discriminator maps images to a dict of `classes`
            `[batch, K]`, `logits` `[batch, 1]` and `features` `[batch, dims]`, such as that of
            `NETWORKS["semi_supervised"]`.

    Reference:
        Salimans et al. 2016, https://arxiv.org/abs/1606.03498, section 5
    """

    parts = ("images", "labelled_images", "labelled_condition", "matched_images")

    def __init__(
        self, *, average_rate=AVERAGE_RATE, generator_loss="feature_matching", averages=None, **kwargs
    ):
        if average_rate is not None:
            averages = {"discriminator": FromZero(average_rate), **(averages or {})}
        super().__init__(averages=averages, **kwargs)
        self.terms_of_generator = errors.lookup("generator_loss", generator_loss, GENERATOR_LOSSES)
        # Squared differences of means over the halves of a batch are not those over the batch.
        self.several_replicas = self.terms_of_generator is not match_features

    def see_first_batch(self, batch):
        """Sets scales and biases of weight-normalised layers by the first real images."""
        initialize_layers(self.discriminator, tf.concat([batch["images"], batch["matched_images"]], 0))

    def discriminator_terms(self, batch, random):
        fake = self.fakes(batch_size(batch), random)
        result = self.objective.discriminator(self.discriminate, batch["images"], fake, random)
        labelled = self.discriminate(batch["labelled_images"])["classes"]
        # Half of the loss each for real and generated images.
        terms = {**result.terms, "loss": result.terms["loss"] / 2.0}
        return {**terms, "classes": cross_entropy(batch["labelled_condition"], labelled)}

    def generator_terms(self, batch, random):
        fake = self.fakes(batch_size(batch), random)
        return self.terms_of_generator(self, batch["matched_images"], fake, random)

    def discriminator_inputs(self, images, given):
        return images

    def classes(self):
        return {"labelled_condition": (self.discriminator.output["classes"].shape[-1],)}

    def samplers(self):
        def classify(networks, latents, given):
            outputs = networks["discriminator"](given["labelled_images"])
            return tf.nn.softmax(tf.cast(outputs["classes"], tf.float32))

        (images,) = shapes.inputs_of(self.discriminator)
        classifier = Sampler(
            classify,
            given={"labelled_images": images},
            compared_with="labelled_condition",
            paired=True,
            makes="probabilities",
        )
        return {**super().samplers(), "classify": classifier}


def cross_entropy(labels, logits):
    """Mean softmax cross-entropy of logits `[batch, classes]` against int labels `[batch]`."""
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True))


def feature_matching(real, fake):
    """Mean over units of the squared difference of mean features: of float `[batch, dims]`, two sets."""
    means = [tf.reduce_mean(at_least_float32(features), axis=0) for features in (real, fake)]
    return tf.reduce_mean(tf.square(means[0] - means[1]))


def initialize_layers(network, images):
    """Sets weight-normalised layers so that what they return for images has mean 0 and deviation 1.

    Args:
        network: functional model whose layers each have one input.
        images: float `[batch, ...]`.
    """
    for layer in network.layers:
        if isinstance(layer, WeightNormDense):
            layer.initialize(keras.Model(network.inputs, layer.input)(images, training=True))


def match_features(game, real, fake, random):
    """The generator's term `features`: feature matching of the discriminator's last hidden layer."""
    found = [game.discriminate(images)["features"] for images in (real, fake)]
    return {"features": feature_matching(*found)}


def deceive(game, real, fake, random):
    """The generator's half of the game's adversarial loss."""
    return game.objective.generator(game.discriminate, real, fake, random).terms


# Name to (game, real images, generated images, random) -> terms.
GENERATOR_LOSSES = {
    "feature_matching": match_features,
    "adversarial": deceive,
}

"""InfoGAN: codes in the latents that the images keep, learned without labels."""

import math

import keras
import tensorflow as tf

from tfgan import checks, errors, shapes
from tfgan.gan import GAN, batch_size
from tfgan.samplers import Sampler

# Half of a uniform code's mean square: what a mean of 0 loses against a perfect one.
HALF_SQUARE = 1.0 / 6.0


@keras.saving.register_keras_serializable(package="tfgan")
class InfoGAN(GAN):
    """A GAN whose images keep codes: categories and numbers that are drawn with the noise.

    The latents are one vector `[noise, one-hot categories, continuous codes]`. The
    discriminator estimates the codes of generated images from its own features, and both
    sides raise a lower bound on the mutual information of codes and images. Without any
    label, the categories of MNIST become its digits, in an order of their own.

    The term `code` of either side is minus the bound in nats, each part times its weight. What
    it is made of, on average over images:

    * a categorical code of K classes: ln K + log Q(class | image), 0 for a Q that knows
      nothing and at most ln K (ln 10 = 2.303);
    * a continuous code, whose Q has a standard deviation of 1 as in the paper's code:
      1/6 - (code - mean)^2 / 2, 0 for a Q that answers 0 and at most 1/6.

    So `generator_code` falls to -(ln 10 + 2/6) = -2.636 at the least, with ten classes, two
    continuous codes and a weight of 1.

    Args:
        categorical: classes of the categorical codes, an int or a tuple of ints.
        continuous: number of continuous codes, uniform on [-1, 1).
        weight: of the bound, lambda in the paper.
        continuous_weight: of the part of the bound that belongs to continuous codes; None: `weight`,
            as in the paper's code. The paper's text advises a smaller one.
        prior: of the noise, a name in `tfgan.latents.PRIORS`.
        **kwargs: those of `tfgan.GAN`. The discriminator returns a dict of "logits" and
            "code" `[batch, sum of classes + 2 * continuous]`, as `tfgan.networks.infogan_codes` has it.

    Raises:
        ValueError: networks that do not fit the codes, or a view that packs images.

    Reference:
        Chen et al. 2016, https://arxiv.org/abs/1606.03657;
        code: https://github.com/openai/InfoGAN
    """

    def __init__(
        self,
        *,
        categorical=10,
        continuous=2,
        weight=1.0,
        continuous_weight=None,
        prior="uniform",
        **kwargs,
    ):
        # Before the networks are checked against them.
        self.code_classes = checks.whole_numbers("categorical", categorical, 2)
        self.continuous = checks.whole_number("continuous", continuous, 0)
        self.weight = checks.number_from_0("weight", weight)
        own = weight if continuous_weight is None else continuous_weight
        self.continuous_weight = checks.number_from_0("continuous_weight", own)
        super().__init__(prior=prior, **kwargs)

    def latents(self, n, random):
        noise = self.prior(random.fold(0), [n, self.latent_dim - self.code_width])
        return tf.concat([noise, self.draw_codes(n, random.fold(1))], axis=1)

    def draw_codes(self, n, random):
        """Codes for `n` images: one-hot classes, then continuous codes; float32 `[n, code_width]`."""
        parts = []
        for classes in self.code_classes:
            chosen = tf.cast(random.uniform([n, 1])[:, 0] * classes, tf.int32)
            parts.append(tf.one_hot(tf.minimum(chosen, classes - 1), classes))
        if self.continuous:
            parts.append(2.0 * random.uniform([n, self.continuous]) - 1.0)
        return tf.concat(parts, axis=1)

    @property
    def code_width(self):
        """Length of the codes in the latents."""
        return sum(self.code_classes) + self.continuous

    def discriminator_terms(self, batch, random):
        latents, fake = self._generated(batch, random)
        result = self.objective.discriminator(self.discriminate, batch["images"], fake, random)
        return {**result.terms, **self._code_term(result, latents)}

    def generator_terms(self, batch, random):
        latents, fake = self._generated(batch, random)
        result = self.objective.generator(self.discriminate, batch["images"], fake, random)
        return {**result.terms, **self._code_term(result, latents)}

    def information(self, parameters, codes):
        """The bound on the mutual information of codes and images, in nats: see the class.

        Args:
            parameters: the discriminator's "code" outputs, `[n, sum of classes + 2 * continuous]`.
            codes: the codes that the images were made of, `[n, code_width]`.

        Returns:
            Two float32 `[n]`, one value for each image, of the categorical and of the continuous
            codes; the sum of their means is the bound.
        """
        logits, means = self._split(tf.cast(parameters, tf.float32))
        classes, numbers = self._split(codes)
        of_classes = tf.zeros(tf.shape(numbers)[:1])
        for each, chosen in zip(logits, classes):
            log_q = tf.reduce_sum(chosen * tf.nn.log_softmax(each), axis=1)
            of_classes += log_q + math.log(each.shape[1])
        of_numbers = tf.reduce_sum(HALF_SQUARE - 0.5 * tf.square(numbers - means), axis=1)
        return of_classes, of_numbers

    def samplers(self):
        """`generate`, whose options choose codes; `categories`; and `infer`, codes of images.

        * `generate`: options `scale` (of the noise), `categorical_0`, ... (a class) and
          `continuous_0`, ... (a number): codes that all images get. The others are drawn, the
          same ones for the same seed.
        * `categories`: the first categorical code in turn, with the noise and the other codes of
          one draw for each round of them.
        * `infer`: of images `[n, height, width, channels]` the probabilities of the classes,
          then the means of the continuous codes, `[n, code_width]`.
        """
        chosen = {f"categorical_{i}": None for i in range(len(self.code_classes))}
        chosen |= {f"continuous_{i}": None for i in range(self.continuous)}
        generate = super().samplers()["generate"]._replace(options={"scale": 1.0, **chosen})
        images = shapes.inputs_of(self.discriminator)[0]
        infer = Sampler(self._infer, None, {"images": images}, compared_with=None, makes="codes")
        if not self.code_classes:
            return {"generate": generate, "infer": infer}
        in_turn = generate._replace(draw=self._categories_in_turn, compared_with=None)
        return {"generate": generate, "categories": in_turn, "infer": infer}

    def make_images(self, networks, latents, given, scale, **chosen):
        noise, codes = tf.split(latents, [-1, self.code_width], axis=1)
        codes = self._chosen(codes, chosen)
        return networks["generator"](tf.concat([scale * noise, codes], axis=1))

    def check_networks(self):
        super().check_networks()
        if self.objective.packing > 1:
            expected = "1, since codes belong to single images"
            raise errors.invalid("views['packing']", expected, self.objective.packing)
        if not self.code_width:
            raise errors.invalid("continuous", "1 or more without categorical codes", self.continuous)
        width, least = shapes.inputs_of(self.generator)[0].shape[-1], self.code_width + 1
        if width < least:
            expected = f"an input of noise and {self.code_width} numbers of codes, {least} or more"
            raise errors.invalid("generator", expected, width)
        wanted = sum(self.code_classes) + 2 * self.continuous
        outputs = getattr(self.discriminator, "output", None)
        code = outputs.get("code") if isinstance(outputs, dict) else None
        if code is None or code.shape[-1] != wanted:
            got = None if code is None else code.shape[-1]
            raise errors.invalid("discriminator", f"an output 'code' of {wanted} numbers", got)

    def _generated(self, batch, random):
        """Latents, and the images that are made of them."""
        latents = self.sample_inputs(batch_size(batch), random)
        return latents, self.forward("generator", latents)

    def _code_term(self, result, latents):
        codes = latents[:, -self.code_width :]
        of_classes, of_numbers = map(tf.reduce_mean, self.information(result.fake["code"], codes))
        return {"code": -self.weight * of_classes - self.continuous_weight * of_numbers}

    def _split(self, values):
        """A list of the parts of classes, and the continuous codes or their means."""
        sizes = [*self.code_classes, self.continuous]
        *classes, numbers = tf.split(values[:, : sum(sizes)], sizes, axis=1)
        return classes, numbers

    def _infer(self, networks, latents, given):
        logits, means = self._split(networks["discriminator"](given["images"])["code"])
        return tf.concat([*map(tf.nn.softmax, logits), means], axis=1)

    def _chosen(self, codes, chosen):
        """Codes, but for those that options choose for all images."""
        classes, numbers = self._split(codes)
        numbers = tf.unstack(numbers, axis=1)
        for i, drawn in enumerate(classes):
            value = chosen.get(f"categorical_{i}")
            if value is not None:
                number = checks.whole_number(f"categorical_{i}", value, 0)
                if number >= drawn.shape[1]:
                    raise errors.invalid(f"categorical_{i}", f"a class below {drawn.shape[1]}", value)
                classes[i] = tf.zeros_like(drawn) + tf.one_hot(number, drawn.shape[1])
        for i, drawn in enumerate(numbers):
            value = chosen.get(f"continuous_{i}")
            if value is not None:
                numbers[i] = tf.zeros_like(drawn) + float(value)
        return tf.concat([*classes, *(each[:, None] for each in numbers)], axis=1)

    def _categories_in_turn(self, n, random):
        """Latents whose first category counts up; the rest is drawn anew for each round of them."""
        classes = self.code_classes[0]
        rows = -(-n // classes)
        noise, _, others = tf.split(
            self.latents(rows, random), [self.latent_dim - self.code_width, classes, -1], axis=1
        )
        turns = tf.one_hot(tf.range(n) % classes, classes)
        repeated = [tf.repeat(each, classes, axis=0)[:n] for each in (noise, others)]
        return tf.concat([repeated[0], turns, repeated[1]], axis=1)

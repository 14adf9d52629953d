"""Four systems written on the library's seams, each as small as it can be, and their data."""

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

import tfgan
from tfgan import data
from tfgan.gan import batch_size
from tfgan.samplers import Sampler

SIDE = 16
POOL = 6


# -------------------------------------------------------------------- networks


def image_network(outputs, *inputs, activation="tanh", name=None):
    """A small convolutional network of one or more images to one of `outputs` channels."""
    given = [keras.Input(shape) for shape in inputs]
    x = keras.layers.Concatenate()(given) if len(given) > 1 else given[0]
    x = keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(x)
    x = keras.layers.Conv2D(outputs, 3, padding="same", activation=activation, name="conv2")(x)
    return keras.Model(given if len(given) > 1 else given[0], x, name=name)


def patch_discriminator(*inputs):
    """Logits of patches of one or more images."""
    given = [keras.Input(shape) for shape in inputs]
    x = keras.layers.Concatenate()(given) if len(given) > 1 else given[0]
    x = keras.layers.Conv2D(8, 4, 2, padding="same", activation="leaky_relu")(x)
    logits = keras.layers.Conv2D(1, 4, 2, padding="same")(x)
    return keras.Model(given if len(given) > 1 else given[0], logits)


def l1(one, other):
    return tf.reduce_mean(tf.abs(one - other))


def doubled(images):
    """Images of twice the size, each pixel four times."""
    return tf.repeat(tf.repeat(images, 2, axis=1), 2, axis=2)


def halved(images):
    """Images of half the size, means of two by two."""
    return tf.nn.avg_pool2d(images, 2, 2, "VALID")


# -------------------------------------------------------------------- CycleGAN


@keras.saving.register_keras_serializable(package="tests")
class CycleGAN(tfgan.GAN):
    """Two translators, two discriminators, the way back, and a pool of past fakes."""

    parts = ("a", "b")
    generator_side = ("generator_ab", "generator_ba")
    discriminator_side = ("discriminator_a", "discriminator_b")
    adversarial_terms = ("loss_a", "loss_b")
    several_replicas = False

    def __init__(self, *, cycle=5.0, **kwargs):
        super().__init__(**kwargs)
        self.cycle = cycle
        for domain, network in (("a", self.generator_ba), ("b", self.generator_ab)):
            self.remember(f"pool_{domain}", np.zeros((POOL, *network.output_shape[1:]), np.float32))
        self.remember("filled", np.int32(0))

    def discriminator_terms(self, batch, random):
        terms, memory = {}, {}
        for i, (here, there) in enumerate((("a", "b"), ("b", "a"))):
            fake = self.forward(f"generator_{there}{here}", batch[there])
            older, memory[f"pool_{here}"] = self.queried(here, fake, random.fold(i))
            discriminate = lambda images, name=f"discriminator_{here}": self.discriminate(images, name)
            result = self.objective.discriminator(discriminate, batch[here], older, random.fold(i))
            terms |= {f"{name}_{here}": value for name, value in result.terms.items()}
        memory["filled"] = tf.minimum(self.remembered["filled"].value + batch_size(batch), POOL)
        return terms, memory

    def generator_terms(self, batch, random):
        terms = {}
        for i, (here, there) in enumerate((("a", "b"), ("b", "a"))):
            fake = self.forward(f"generator_{there}{here}", batch[there])
            discriminate = lambda images, name=f"discriminator_{here}": self.discriminate(images, name)
            result = self.objective.generator(discriminate, batch[here], fake, random.fold(i))
            back = self.forward(f"generator_{here}{there}", fake)
            terms |= {f"loss_{here}": result.terms["loss"]}
            terms |= {f"cycle_{there}": self.cycle * l1(back, batch[there])}
        return terms

    def queried(self, domain, fakes, random):
        """One image after the other: kept while the pool fills, then half of them exchanged."""
        pool, shown = self.remembered[f"pool_{domain}"].value, []
        draws = random.uniform([fakes.shape[0], 2])
        for i, fake in enumerate(tf.unstack(fakes)):
            filled = self.remembered["filled"].value + i
            old = tf.cast(draws[i, 1] * POOL, tf.int32)
            keep, swap = filled < POOL, draws[i, 0] < 0.5
            place = tf.where(keep, filled, old)
            shown.append(tf.where(tf.logical_and(~keep, swap), pool[old], fake))
            stored = tf.where(tf.logical_or(keep, swap), fake, pool[tf.minimum(place, POOL - 1)])
            pool = tf.tensor_scatter_nd_update(pool, [[tf.minimum(place, POOL - 1)]], stored[None])
        return tf.stack(shown), pool

    def samplers(self):
        def translator(here, there):
            network = getattr(self, f"generator_{here}{there}")
            make = lambda networks, latents, given: networks[f"generator_{here}{there}"](given[here])
            return Sampler(make, given={here: network.inputs[0]}, compared_with=there)

        return {"a_to_b": translator("a", "b"), "b_to_a": translator("b", "a")}


def cycle_networks(image_shape):
    return {
        **{f"generator_{way}": image_network(image_shape[-1], image_shape) for way in ("ab", "ba")},
        **{f"discriminator_{domain}": patch_discriminator(image_shape) for domain in ("a", "b")},
    }


# ---------------------------------------------------------- a paired translator


@keras.saving.register_keras_serializable(package="tests")
class Translator(tfgan.GAN):
    """A paired translator: adversarial and L1, its discriminator sees both images."""

    parts = ("inputs", "targets")

    def discriminator_terms(self, batch, random):
        real, fake = self.pairs(batch)
        return self.objective.discriminator(self.discriminate, real, fake, random).terms

    def generator_terms(self, batch, random):
        real, fake = self.pairs(batch)
        result = self.objective.generator(self.discriminate, real, fake, random)
        return {**result.terms, "l1": 100.0 * l1(fake[1], batch["targets"])}

    def pairs(self, batch):
        inputs = batch["inputs"]
        return [inputs, batch["targets"]], [inputs, self.forward("generator", inputs)]

    def samplers(self):
        make = lambda networks, latents, given: networks["generator"](given["inputs"])
        given = {"inputs": self.generator.inputs[0]}
        return {"translate": Sampler(make, given=given, compared_with="targets", paired=True)}


def translator_networks(spec):
    inputs, targets = spec["inputs"].shape, spec["targets"].shape
    return {
        "generator": image_network(targets[-1], inputs),
        "discriminator": patch_discriminator(inputs, targets),
    }


def write_pairs(folder, count=24):
    """Digits as folders of pairs by file name: `inputs` are negatives of `targets`."""
    images = data.open_source("digits", image_size=SIDE).table("images")["images"][:count]
    for name, pixels in (("inputs", 255 - images), ("targets", images)):
        (folder / name).mkdir(parents=True)
        for i, image in enumerate(pixels):
            Image.fromarray(image[..., 0]).save(folder / name / f"{i:03d}.png")
    return f"folder:{folder}"


# ------------------------------------------------- super-resolution in two stages


@keras.saving.register_keras_serializable(package="tests")
class SuperResolution(tfgan.GAN):
    """Twice the size: pixels, and a discriminator where there is one."""

    parts = ("images", "small")
    generator_side = ("generator",)

    def name_sides(self, given):
        judges = tuple(name for name in given if name == "discriminator")
        return {"generator": ("generator",), "discriminator": judges, "frozen": ()}

    def check_networks(self):
        pass

    def discriminator_terms(self, batch, random):
        fake = self.forward("generator", batch["small"])
        return self.objective.discriminator(self.discriminate, batch["images"], fake, random).terms

    def generator_terms(self, batch, random):
        fake = self.forward("generator", batch["small"])
        terms = {"content": tf.reduce_mean(tf.square(fake - batch["images"]))}
        if self.sides["discriminator"]:
            result = self.objective.generator(self.discriminate, batch["images"], fake, random)
            terms["loss"] = 1e-3 * result.terms["loss"]
        return terms

    def samplers(self):
        make = lambda networks, latents, given: networks["generator"](given["small"])
        return {"enlarge": Sampler(make, given={"small": self.generator.inputs[0]}, paired=True)}


def super_resolution_networks(spec, adversarial=True):
    small, large = spec["small"].shape, spec["images"].shape
    inputs = keras.Input(small)
    x = keras.layers.UpSampling2D(name="up")(inputs)
    x = keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(x)
    x = keras.layers.Conv2D(large[-1], 3, padding="same", activation="tanh", name="conv2")(x)
    networks = {"generator": keras.Model(inputs, x, name="generator")}
    return {**networks, "discriminator": patch_discriminator(large)} if adversarial else networks


def open_small_digits(request):
    """Digits, and beside each the same in half the size."""
    return data.open_source("digits", image_size=SIDE).mapped(
        lambda parts, random: {"small": halved(parts["images"])}
    )


# ------------------------------------------------------ a pyramid of two levels


@keras.saving.register_keras_serializable(package="tests")
class Level(tfgan.GAN):
    """A level of a pyramid: a residual on an enlarged coarse image, trained on real ones."""

    parts = ("images", "coarse")

    def latents(self, n, random):
        return random.normal([n, SIDE, SIDE, 1])

    def generator_inputs(self, latents, given=None):
        return [latents, doubled(given["coarse"])]

    def discriminator_terms(self, batch, random):
        fake = self.finished(batch, random)
        return self.objective.discriminator(self.discriminate, batch["images"], fake, random).terms

    def generator_terms(self, batch, random):
        fake = self.finished(batch, random)
        return self.objective.generator(self.discriminate, batch["images"], fake, random).terms

    def finished(self, batch, random):
        residual = self.fakes(batch_size(batch), random, {"coarse": batch["coarse"]})
        return residual + doubled(batch["coarse"])

    def samplers(self):
        return {
            "refine": Sampler(
                lambda networks, plane, given: refined(networks["generator"], plane, given["coarse"]),
                lambda n, random: random.normal([n, SIDE, SIDE, 1]),
                {"coarse": tf.TensorSpec([None, SIDE // 2, SIDE // 2, 1], tf.float32)},
                paired=True,
            )
        }


def refined(network, plane, coarse):
    return doubled(coarse) + network([plane, doubled(coarse)])


def level_networks(image_shape):
    return {
        "generator": image_network(1, image_shape, image_shape, activation=None, name="generator"),
        "discriminator": patch_discriminator(image_shape),
    }


@keras.saving.register_keras_serializable(package="tests")
class Pyramid(tfgan.GAN):
    """Levels that are finished, sampled as one; nothing is trained."""

    generator_side = discriminator_side = ()

    def name_sides(self, given):
        return {"generator": (), "discriminator": (), "frozen": given}

    def check_networks(self):
        pass

    def samplers(self):
        levels = sorted(self.networks())
        dims = self.networks()[levels[0]].inputs[0].shape[-1]

        def draw(n, random):
            return [random.fold(0).normal([n, dims])] + [
                random.fold(i).normal([n, SIDE, SIDE, 1]) for i in range(1, len(levels))
            ]

        def make(networks, latents, given):
            images = networks[levels[0]](latents[0])
            for name, plane in zip(levels[1:], latents[1:]):
                images = refined(networks[name], plane, images)
            return images

        return {"generate": Sampler(make, draw)}


def coarse_networks(image_shape, latent_dim):
    return tfgan.networks.NETWORKS["mlp"](image_shape, latent_dim, units=8)


def pyramid_networks(image_shape, latent_dim):
    coarse = (image_shape[0] // 2, image_shape[1] // 2, image_shape[2])
    return {
        "level_0": coarse_networks(coarse, latent_dim)["generator"],
        "level_1": level_networks(image_shape)["generator"],
    }


def open_pyramid_digits(request):
    """Digits, and beside each what its level of the pyramid starts from."""
    return data.open_source("digits", image_size=SIDE).mapped(
        lambda parts, random: {"coarse": halved(parts["images"])}
    )


def open_coarse_digits(request):
    """Digits in half the size."""
    return data.open_source("digits", image_size=SIDE).mapped(
        lambda parts, random: {"images": halved(parts["images"])}
    )


GAMES = {
    "cycle": CycleGAN,
    "translator": Translator,
    "super_resolution": SuperResolution,
    "level": Level,
    "pyramid": Pyramid,
}

NETWORKS = {
    "cycle": cycle_networks,
    "translator": translator_networks,
    "super_resolution": super_resolution_networks,
    "level": level_networks,
    "coarse": coarse_networks,
    "pyramid": pyramid_networks,
}

DATASETS = {
    "small_digits": open_small_digits,
    "pyramid_digits": open_pyramid_digits,
    "coarse_digits": open_coarse_digits,
}

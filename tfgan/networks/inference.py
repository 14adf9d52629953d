"""A generator of any family, and an encoder that is its discriminator with another last layer."""

import keras

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.networks import blocks


def inference(image_shape, latent_dim=100, of="dcgan"):
    """The generator that another builder makes, and an encoder of the shape of its discriminator.

    The encoder is that discriminator, but for its last layer, which has one linear output
    for each element of z. So a run can infer the latents of a generator that was trained before.

    Args:
        image_shape, latent_dim: as in every builder.
        of: name in `tfgan.networks.NETWORKS` of a builder of a generator and a discriminator of
            single images, built with its other arguments at their defaults.

    Returns:
        Dict of "generator", and "encoder", images to a dict of "codes" `[batch, latent_dim]`
        and "features" `[batch, dims]`, the last hidden layer.

    Raises:
        ValueError: a bad argument, or a builder of other networks.

    Reference:
        Donahue et al. 2017, https://arxiv.org/abs/1605.09782, section 4.1, the latent regressor
    """
    from tfgan.networks import NETWORKS

    whole_number("latent_dim", latent_dim, 1)
    made = errors.lookup("of", of, NETWORKS)(image_shape=image_shape, latent_dim=latent_dim)
    discriminator = made.get("discriminator")
    names = [layer.name for layer in discriminator.layers] if discriminator else []
    if sorted(made) != ["discriminator", "generator"] or names[-1] != "logits":
        expected = "a builder of a generator and a discriminator that ends with one layer of logits"
        raise errors.invalid("of", expected, of)
    features = discriminator.get_layer("logits").input
    codes = keras.layers.Dense(
        latent_dim, kernel_initializer=blocks.dcgan_normal(), dtype="float32", name="codes"
    )(features)
    outputs = {"codes": codes, "features": features}
    return {
        "generator": made["generator"],
        "encoder": keras.Model(discriminator.input, outputs, name="encoder"),
    }

"""What games with an encoder can make of images: codes, features and reconstructions."""

from tfgan import errors, shapes
from tfgan.samplers import Sampler


def encoder_samplers(encoder, codes):
    """The samplers of a game's networks `generator` and `encoder`, by name.

    * `reconstruct`: the generator's images of the codes of given images;
    * `encode`: the codes of given images, `[n, latent_dim]`;
    * `features`: the encoder's features of given images, `[n, dims]`, where it has some.

    Args:
        encoder: Keras model from images to codes, or to a dict of "codes" and, if wanted, "features".
        codes: function from the encoder's outputs to codes as the generator takes them.
    """
    given = {"images": shapes.inputs_of(encoder)[0]}
    encoded = lambda networks, given: networks["encoder"](given["images"])

    def sampler(function, **kwargs):
        make = lambda networks, latents, given: function(networks, encoded(networks, given))
        return Sampler(make, given=given, **kwargs)

    found = {
        "reconstruct": sampler(lambda networks, outputs: networks["generator"](codes(outputs)), paired=True),
        "encode": sampler(lambda networks, outputs: codes(outputs), compared_with=None, makes="codes"),
    }
    if "features" in _named(encoder):
        features = lambda networks, outputs: outputs["features"]
        found["features"] = sampler(features, compared_with=None, makes="features")
    return found


def codes_of(outputs):
    """The codes in what an encoder returned: a tensor, or a dict that holds them."""
    return outputs["codes"] if isinstance(outputs, dict) else outputs


def check_encoder(encoder, latent_dim):
    """Raises InputError where an encoder's codes are not as long as the generator's latents."""
    named = _named(encoder)
    if named and "codes" not in named:
        raise errors.invalid("encoder", "an output called 'codes'", ", ".join(named))
    codes = named["codes"] if named else shapes.outputs_of(encoder)[0]
    if codes.shape[-1] != latent_dim:
        expected = f"codes of length {latent_dim}, as the generator's latents"
        raise errors.invalid("encoder", expected, codes.shape[-1])


def _named(encoder):
    """Dict of the encoder's outputs by name; empty where it returns a tensor."""
    outputs = getattr(encoder, "output", None)
    return outputs if isinstance(outputs, dict) else {}

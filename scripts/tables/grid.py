"""The grid of 25 Gaussians, by VEEGAN's protocol."""

from tables import veegan

MIXTURE = veegan.Mixture(
    "grid",
    "The grid",
    "twenty-five Gaussians of sigma 0.05 on {-4, -2, 0, 2, 4}^2",
    # Srivastava et al. 2017, table 1; WGAN-GP and GDPP-GAN as Elfeki et al. 2019 print them.
    {
        "minimax": ("3.3", "0.5"),
        "minimax, unrolled 5 steps": ("23.6", "16"),
        "WGAN-GP, 10": ("24.2", "28.7"),
        "ALI": ("15.8", "1.6"),
        "VEEGAN": ("24.6", "40"),
        "GDPP-GAN": ("24.8", "68.5"),
    },
    {**veegan.METHODS, veegan.CURED: veegan.cured(penalty=0.1, input_scale=2.0)},
)


def make(options):
    """The Markdown of the page, after every method was trained."""
    return veegan.make_mixture(options, MIXTURE)

"""The grid of 25 Gaussians."""

from tables import veegan

# As for the ring.
PUBLISHED = {
    "minimax": ("3.3", "0.5"),
    "minimax, unrolled 5 steps": ("23.6", "16"),
    "WGAN-GP, 10": ("24.2", "28.7"),
    "ALI": ("15.8", "1.6"),
    "VEEGAN": ("24.6", "40"),
    "GDPP-GAN": ("24.8", "68.5"),
}
METHODS = {**veegan.METHODS, veegan.CURED: veegan.cured(penalty=0.1, input_scale=2.0)}


def make(options):
    """The page."""
    page = veegan.page(options, "grid", "The grid", PUBLISHED, METHODS, REMARKS)
    return f"{page}\n{veegan.tried_section(options)}"


REMARKS = "Twenty-five Gaussians of sigma 0.05 on {-4, -2, 0, 2, 4}^2."

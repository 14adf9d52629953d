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
# Input scale, penalty, its last share, rates, fall; modes, high quality, reverse KL.
TRIED = [
    ["1", "0.01", "1", "1e-3", "0.5", "22.3 ± 1.5", "33 ± 21", "0.39"],
    ["1", "0.01", "1", "3e-3", "0.5", "20", "36 ± 22", "0.26"],
    ["1", "0.16", "0.05", "3e-3", "0.5", "25", "35 ± 24", "0.09"],
    ["2", "0.1", "0.1", "3e-3", "0.5", "25", "82.8 ± 0.7", "0.013"],
    ["2", "0.3", "0.02", "3e-3", "0.6", "25", "81.1 ± 0.2", "0.015"],
    ["2", "0.2", "0.05", "6e-3", "0.7", "25", "81.5 ± 1.0", "0.009"],
    ["4", "0.1", "0.05", "6e-3", "0.7", "25", "81.2 ± 0.9", "0.013"],
    ["2", "0.1", "0.05", "6e-3", "0.7", "25", "82.9 ± 0.4", "0.016"],
    ["2; non-saturating loss", "0.1", "0.05", "6e-3", "0.7", "25", "82.1 ± 0.5", "0.016"],
    ["2; Glorot's initial weights", "0.1", "0.05", "6e-3", "0.7", "25", "82.2 ± 0.5", "0.014"],
]


def make(options):
    """The page."""
    page = veegan.page(options, "grid", "The grid", PUBLISHED, METHODS, REMARKS)
    return f"{page}\n{veegan.tried(TRIED)}"


REMARKS = "Twenty-five Gaussians of sigma 0.05 on {-4, -2, 0, 2, 4}^2."

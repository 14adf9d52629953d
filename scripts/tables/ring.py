"""The ring of 8 Gaussians: who finds all, and who hits them."""

from tables import veegan

# Srivastava et al. 2017, table 1; the last two as Elfeki et al. 2019 print them.
PUBLISHED = {
    "minimax": ("1", "99.3"),
    "minimax, unrolled 5 steps": ("7.6", "35.6"),
    "WGAN-GP, 10": ("6.8", "59.6"),
    "ALI": ("2.8", "0.13"),
    "VEEGAN": ("8", "52.9"),
    "GDPP-GAN": ("8.0", "71.7"),
}


def make(options):
    """The page."""
    from tfgan.data.points import Points, ring_centres

    return veegan.page(
        options, Points(ring_centres(), 0.01), "The ring", PUBLISHED, veegan.METHODS, REMARKS
    )


REMARKS = """\
Eight Gaussians of sigma 0.01 at angles 2 pi i / 8 on the unit circle. (The rings of Unrolled GAN's and
GDPP's code have seven places: their eighth lies on the first.)"""

"""What the tables of orbits share: a column per schedule, a portrait per row."""

import numpy as np
from tables import markdown, pictures

from tfgan.laboratory import orbits

COLUMNS = {
    "simultaneous": {"schedule": "simultaneous"},
    "alternating": {"schedule": "alternating"},
    "alternating, 5 discriminator steps": {"schedule": "alternating", "discriminator_steps": 5},
}


def table(options, rows, columns, published, rate, rounds, start):
    """Plays every row under every column.

    Args:
        options: `Options`; the pictures go to its folder.
        rows: dict of row to the settings of the game, `batch_size` among them where
            it is not 1.
        columns: names in `COLUMNS`.
        published: dict of row to its published final norms, one per column.
        rate, rounds, start: learning rate, length and (theta, psi).

    Returns:
        Markdown: a table of final norms, and a picture.
    """
    lines, paths = [], {}
    for row, settings in rows.items():
        cells = []
        for i, column in enumerate(columns):
            path = _play({**settings, **COLUMNS[column]}, rate, rounds, start)
            paths.setdefault(row, {})[column] = path
            norm = np.linalg.norm(path[-1])
            cells.append(f"{norm:.6g}")
            cells.append(published[row][i] if row in published else "")
        lines.append([row, *cells])
    header = ["", *(name for column in columns for name in (column, "published"))]
    portrait = options.pictures / "orbits.png"
    pictures.orbits(portrait, paths)
    return f"{markdown.rows(header, lines)}\n\n![orbits]({options.name}/{portrait.name})"


def _play(settings, rate, rounds, start):
    settings = dict(settings)
    batch_size = settings.pop("batch_size", 1)
    return orbits.trajectory(orbits.one_weight_game(rate, start, **settings), rounds, batch_size)

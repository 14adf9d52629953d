"""Recipes with some of their options changed."""

from typing import NamedTuple

from tables import markdown
from tables.recipes import FLAGS, OF_OTHER_PAGES
from tables.runs import Run

from tfgan import experiment


class Variant(NamedTuple):
    """A recipe with some of its options changed.

    Attributes:
        flagfile: its name.
        changes: dict of a flag that holds options to a dict of option to value.
        shares: the length of each seed's run, as a share of the recipe's.
    """

    flagfile: str
    changes: dict = {}
    shares: tuple = (1.0,)

    def recipe(self, *flags):
        """The `Recipe` of the flagfile, with further flags."""
        return experiment.parse_flags([f"--flagfile={FLAGS / self.flagfile}.txt", *flags])

    def changed(self, **changes):
        """The same with further options changed."""
        merged = {flag: {**self.changes.get(flag, {}), **values} for flag, values in changes.items()}
        return self._replace(changes={**self.changes, **merged})

    def named(self, row, seed):
        """A row's name with its seed and length, where there are several seeds."""
        if len(self.shares) == 1:
            return row
        share = self.shares[seed]
        return f"{row}, seed {seed}" + (f", {share:g} of the length" if share != 1 else "")

    @property
    def flags(self):
        """List of the flags that differ from the flagfile's: its options, some of them changed."""
        return [
            f"--{flag}=" + ",".join(f"{name}={value}" for name, value in merged.items())
            for flag, values in self.changes.items()
            for merged in [{**getattr(self.recipe(), flag), **values}]
        ]

    def run(self, options, row, seed, metrics, samples, flags=()):
        """The `Run` of one seed. A recipe as it stands is a run of its own page, where it has one.

        Args:
            options: `Options`.
            row: str, names the folder of a variant's runs.
            seed: int.
            metrics, samples: as in `Run`.
            flags: further flags.
        """
        share = self.shares[min(seed, len(self.shares) - 1)]
        as_it_stands = not self.changes and share == 1
        page = OF_OTHER_PAGES.get(self.flagfile, "recipes") if as_it_stands else options.name
        folder = options.runs / page
        images = options.images(round(share * self.recipe().images))
        return Run(
            folder / markdown.file_name(self.flagfile if as_it_stands else row) / f"seed{seed}",
            [
                f"--flagfile={FLAGS / self.flagfile}.txt", f"--data_dir={options.data_dir}", *flags,
                *self.flags, f"--images={images}", f"--seed={seed}",
            ],
            metrics,
            samples,
            untrained=as_it_stands and seed == 0,
        )  # fmt: skip

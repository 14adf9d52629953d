"""Methods on mixtures of Gaussians: each becomes a `Recipe`, which is trained with several seeds at once."""

from typing import NamedTuple

TICKS = 10


class Method(NamedTuple):
    """How one row of a table is trained.

    Attributes:
        settings: fields of `Recipe` that only this method sets, such as its loss.
        network: options of the table's network.
        rates: learning rates of (generator, discriminator).
        betas: Adam's, or the momentum of others.
        optimizer: name in `tfgan.training.optimizers.OPTIMIZERS`.
        batch_size: of one update.
        fall: share of the run over which the rates fall to 0 at its end.
        quick: number of rounds with --quick; more where the tests look at who converges.
        share: of further samples the share with the highest logits is shown too; 1: is not.
        fade: share of the penalties' weights that is left after the first half of the run;
            they fall to it linearly.
        half_life: of the generator's average, as a share of the run; 0: none.
    """

    settings: dict
    network: dict = {}
    rates: tuple = (1e-3, 1e-4)
    betas: tuple = (0.5, 0.999)
    optimizer: str = "adam"
    batch_size: int = 128
    fall: float = 0.0
    quick: int = 20
    share: float = 1.0
    fade: float = 1.0
    half_life: float = 0.02


class Protocol(NamedTuple):
    """The data, networks and length that all methods of a table share.

    Attributes:
        source: a `tfgan.data.points.Points`.
        settings: fields of `Recipe`, the network among them.
        network: options of the network.
        rounds: number of rounds of a run.
    """

    source: object
    settings: dict
    network: dict
    rounds: int


def rounds_of(options, protocol, method=None):
    """The number of rounds of a run: a multiple of the ticks, and of 50 rounds per tick if there are more."""
    rounds = method.quick if method and options.quick else protocol.rounds * options.budget
    per_tick = max(1, round(rounds / TICKS))
    return TICKS * (per_tick if per_tick < 50 else per_tick // 50 * 50)


def recipe_of(protocol, method, rounds):
    """The `Recipe` of so many rounds of a method; its seed is not used."""
    from tfgan.experiment import Recipe

    settings = {**protocol.settings, **method.settings}
    images = rounds * method.batch_size * max(1, settings.get("discriminator_steps", 1))
    if method.fade < 1:
        settings["penalties"] = _fading(settings["penalties"], method.fade, images / 2)
    generator_rate, discriminator_rate = method.rates
    return Recipe(
        **settings,
        network_options={**protocol.network, **method.network},
        ema_half_life=method.half_life * images,
        optimizer=method.optimizer,
        generator_learning_rate=generator_rate,
        discriminator_learning_rate=discriminator_rate,
        beta_1=method.betas[0],
        beta_2=method.betas[1],
        rate_fall_images=method.fall * images,
        batch_size=method.batch_size,
        images=images,
        tick_images=images // TICKS,
        steps_per_execution=max(1, min(50, rounds // TICKS)),
    )


def game_of(recipe, source, seeds):
    """The compiled `ManySeeds` of a recipe: one game that trains all seeds at once."""
    import keras

    from tfgan import experiment
    from tfgan.laboratory.seeds import ManySeeds

    networks = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        networks.append(experiment.networks_of(recipe, source.spec))
    game = ManySeeds(networks, seeds, **experiment.settings_of(recipe))
    optimizers = experiment.optimizers_of(recipe)
    game.compile(
        optimizers["generator"], optimizers["discriminator"],
        steps_per_execution=recipe.steps_per_execution,
    )  # fmt: skip
    return game


def _fading(penalties, left, images):
    """Penalties whose weights fall linearly to a share of themselves while so many images are shown."""
    from tfgan.training.rates import Ramp

    return {name: Ramp(weight, left * weight, 1, images) for name, weight in penalties.items()}

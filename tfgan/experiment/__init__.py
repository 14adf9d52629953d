"""Training runs: their settings (a recipe), their stages, and the folder that they write to.

```python
experiment.run(experiment.Recipe(dataset="digits", network_options={"width": 32}, run_dir="runs/a"))
```

This is the only package that uses absl. `import tfgan.experiment` imports neither
TensorFlow nor Keras, so that `--help` answers at once.
"""

from tfgan.experiment.build import (
    game_of,
    length_of,
    networks_of,
    open_data,
    optimizers_of,
    settings_of,
)
from tfgan.experiment.flags import define_flags, parse_flags, recipe_of, require
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.inputs import given_for, options_for
from tfgan.experiment.labels import conditions_for
from tfgan.experiment.main import launch
from tfgan.experiment.quiet import start_tensorflow
from tfgan.experiment.recipe import Recipe
from tfgan.experiment.report import save, table
from tfgan.experiment.run import run
from tfgan.experiment.scoring import evaluate_folders, evaluate_run
from tfgan.experiment.stages import Stage, open_run, stages_of
from tfgan.experiment.start import Start

__all__ = [
    "Recipe",
    "RunFolder",
    "Stage",
    "Start",
    "conditions_for",
    "define_flags",
    "evaluate_folders",
    "evaluate_run",
    "game_of",
    "given_for",
    "launch",
    "length_of",
    "networks_of",
    "open_data",
    "open_run",
    "optimizers_of",
    "options_for",
    "parse_flags",
    "recipe_of",
    "require",
    "run",
    "save",
    "settings_of",
    "stages_of",
    "start_tensorflow",
    "table",
]

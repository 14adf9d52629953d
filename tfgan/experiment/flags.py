"""The flags of a run: one per field of `Recipe`.

Every help text ends with the unit or range in brackets.
"""

import dataclasses
import re
import shlex

from absl import flags

from tfgan import errors
from tfgan.experiment.recipe import FIELDS, OF_THE_RUN, Recipe
from tfgan.experiment.tables import table_keys

# Flags that are not written to flags.txt.
NOT_REPLAYED = ("run_dir", "overwrite", "download", "dry_run")


def define_flags(values=flags.FLAGS):
    """Defines the flags of a run in `values`, an absl `FlagValues`."""
    for field in FIELDS.values():
        kind = field.metadata["kind"]
        text = f"{_help(field)} [{kind.unit}]"
        if kind.flag == "switch":
            flags.DEFINE_bool(field.name, field.default, text, flag_values=values)
        elif kind.flag == "several":
            flags.DEFINE_multi_string(field.name, None, text, flag_values=values)
        else:
            default = _default(field)
            shown = None if default is None else kind.text(default)
            flags.DEFINE_string(field.name, shown, text, flag_values=values)


def require(*names):
    """Makes the flags of these names, which a script has defined, ones that it cannot do without."""
    for name in names:
        flags.register_validator(name, bool, "expected a path")


def parse_flags(arguments):
    """The `Recipe` that a command line describes.

    Args:
        arguments: list of str, such as ["--dataset=digits", "--flagfile=a.txt"].
    """
    return recipe_of(_parsed(arguments), arguments)


def recipe_of(values, arguments=()):
    """The `Recipe` that flags describe.

    Args:
        values: an absl `FlagValues` that parsed them.
        arguments: list of str, the command line that it parsed.
    """
    everywhere = set(_given(_parsed(_last(arguments), known_only=True)))
    stages = {}
    for text in values.stage or ():
        name, differing = _stage(text)
        if name in stages:
            raise errors.invalid("stage", "stages of different names", name)
        # A stage that shows no images keeps its length; flags that stages do not have are refused later.
        held = everywhere - {*OF_THE_RUN, *(["images"] if differing.get("images") == 0 else [])}
        stages[name] = {key: value for key, value in differing.items() if key not in held}
    return Recipe(**_given(values), stage=stages)


def lines(recipe, without=()):
    """The flags of a recipe that are written to flags.txt, as text.

    Args:
        recipe: `Recipe`.
        without: names of flags to leave out, of the run and of its stages.

    Returns:
        Dict of flag to its text; of --stage, to a list of texts.
    """
    names = sorted(set(FIELDS) - {"stage", *NOT_REPLAYED, *without})
    values = {name: getattr(recipe, name) for name in names}
    texts = {name: _text(FIELDS[name], value) for name, value in values.items() if value is not None}
    stages = [_stage_text(name, differing, without) for name, differing in recipe.stage.items()]
    return {**texts, "stage": stages} if stages else texts


def flagfile(recipe):
    """The text of a flagfile that describes a run."""
    found = lines(recipe)
    stages = found.pop("stage", [])
    pairs = [*found.items(), *(("stage", text) for text in stages)]
    return "".join(f"--{name}={text}\n" for name, text in pairs)


def _parsed(arguments, known_only=False, argument="flags"):
    """An absl `FlagValues` that parsed arguments; InputError, of this name, where they are none."""
    values = flags.FlagValues()
    define_flags(values)
    try:
        _, *rest = values(["run", *arguments], known_only=known_only)
    except flags.Error as error:
        raise errors.invalid(argument, "those that train.py --help lists", str(error)) from None
    if rest and not known_only:
        raise errors.invalid(argument, "flags only (--name=value)", " ".join(rest))
    return values


def _given(values):
    """Dict of field to value, of the flags that were given, but for stages."""
    return {
        name: _value(FIELDS[name], values[name].value)
        for name in FIELDS
        if name != "stage" and values[name].present
    }


def _value(field, given):
    if given == "" and field.default is None:
        return None
    return field.metadata["kind"].parse(field.name, given) if isinstance(given, str) else given


def _last(arguments):
    """The arguments after the last --flagfile or --stage, which hold in every stage."""
    found = [i for i, text in enumerate(arguments) if re.match(r"--?(flagfile|stage)(=|$)", text)]
    if not found:
        return []
    # The value may be an argument of its own.
    return arguments[found[-1] + (1 if "=" in arguments[found[-1]] else 2) :]


def _stage(text):
    """(name, dict of field to value) from "NAME --flag=value ..."."""
    whole = re.fullmatch(r"(['\"])(.*)\1", text.strip())  # a flagfile keeps the shell's quotes
    try:
        name, *arguments = shlex.split(whole[2] if whole else text) or [""]
    except ValueError:  # a quotation mark without its other
        name, arguments = "", []
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name):
        raise errors.invalid("stage", "'NAME --flag=value ...'", text)
    values = _parsed(arguments, argument=f"stage {name!r}")
    if values.stage:
        raise errors.invalid(f"stage {name!r}", "flags of one stage", text)
    return name, _given(values)


def _stage_text(name, differing, without=()):
    items = [
        f"--{key}={_text(FIELDS[key], value)}" for key, value in differing.items() if key not in without
    ]
    return " ".join([name, *map(shlex.quote, items)])


def _help(field):
    table = field.metadata["kind"].table
    return field.metadata["help"].format(names=", ".join(table_keys(*table)) if table else "")


def _default(field):
    made = field.default_factory is not dataclasses.MISSING
    return field.default_factory() if made else field.default


def _text(field, value):
    return "" if value is None else field.metadata["kind"].text(value)

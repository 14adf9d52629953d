"""Entry point of scripts: fast `--help`, and input errors without a traceback."""

import os
import sys
import warnings

from absl import app, flags, logging

from tfgan import errors

HELP = {"-h", "-help", "--help", "--helpshort"}


def launch(main, takes_arguments=False):
    """Runs `main()`, or `main(arguments)`, with absl's flags parsed.

    `--help` prints the flags of the script's own modules and ends with exit code 0. An input
    error is printed as one line and ends with exit code 1.
    """
    if HELP & set(sys.argv[1:]):
        flags.FLAGS.mark_as_parsed()
        print(f"{sys.modules['__main__'].__doc__}\nflags:\n")
        print(flags.FLAGS.module_help("tfgan.experiment.flags"))
        print(flags.FLAGS.main_module_help())
        sys.exit(0)
    # TensorFlow reports each optimisation it does not make at levels below 2.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    given = main if takes_arguments else _without_arguments(main)
    app.run(lambda arguments: _report(given, arguments[1:]), flags_parser=_parse)


def _parse(arguments):
    """The arguments that are no flags, of which the first is the script."""
    app.define_help_flags()
    for empty in {"--flagfile=", "-flagfile="} & set(arguments):
        _fail(f"error: {errors.invalid('flagfile', 'the path of a file', empty)}")
    try:
        return flags.FLAGS(arguments)
    except flags.Error as error:
        text = str(error).replace("\n", "; ").removeprefix("ERROR:: ")
        return _fail(f"error: {text} (--help lists the flags)")


def _without_arguments(main):
    """`main` for a script that takes flags only."""

    def given(arguments):
        if arguments:
            raise errors.invalid("arguments", "flags only (--name=value)", " ".join(arguments))
        main()

    return given


def _report(main, arguments):
    """Runs `main(arguments)`; what a user can mend is printed as one line."""
    logging.set_verbosity(logging.WARNING)
    # A warning is for the user, to whom the line of code that gave it says nothing.
    warnings.formatwarning = lambda message, *place, **line: f"warning: {message}\n"
    try:
        main(arguments)
    except errors.InputError as error:
        _fail(f"error: {error}")
    except FloatingPointError as error:
        _fail(f"stopped: {error}")
    except KeyboardInterrupt:
        _fail("\ninterrupted; a run goes on with the same command", 130)


def _fail(text, code=1):
    print(text, file=sys.stderr)
    sys.exit(code)

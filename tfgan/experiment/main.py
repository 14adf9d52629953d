"""Entry point of scripts: fast `--help`, and input errors without a traceback."""

import os
import sys

from absl import app, flags, logging

from tfgan import errors

HELP = {"-h", "-help", "--help", "--helpshort"}


def launch(main, takes_arguments=False):
    """Runs `main()`, or `main(arguments)`, with absl's flags parsed.

    `--help` prints the flags of the script's own modules and ends with exit
    code 0. An input error is printed as one line and ends with exit code 1.
    """
    if HELP & set(sys.argv[1:]):
        flags.FLAGS.mark_as_parsed()
        print(f"{sys.modules['__main__'].__doc__}\nflags:\n")
        print(flags.FLAGS.module_help("tfgan.experiment.flags"))
        print(flags.FLAGS.main_module_help())
        sys.exit(0)
    # TensorFlow reports each optimisation it does not make at levels below 2.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    given = main if takes_arguments else _without(main)
    app.run(lambda arguments: _report(given, arguments[1:]))


def _without(main):
    """`main` for a script that takes flags only."""

    def given(arguments):
        if arguments:
            raise errors.invalid("arguments", "flags only (--name=value)", " ".join(arguments))
        main()

    return given


def _report(main, arguments):
    logging.set_verbosity(logging.WARNING)
    try:
        main(arguments)
    except errors.InputError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except FloatingPointError as error:
        print(f"stopped: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\ninterrupted; a run goes on with the same command", file=sys.stderr)
        sys.exit(130)

"""TensorFlow's lines at its start are left out, and nothing else is."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

# As TensorFlow's C++ code writes: straight to the file descriptor.
NOISE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    "I0000 00:00:1795793811.402914   19392 port.cc:153] oneDNN custom operations are on.\n"
    "E0000 00:00:1795793812.309962   19392 cuda_platform.cc:52] failed call to cuInit\n"
)
REST = "a line of another library\nW0000 that is no line of the log\n"
PROGRAM = """
    import pathlib, sys
    from tfgan.experiment import quiet
    quiet.DRIVER = pathlib.Path(sys.argv[1])
    quiet.start_tensorflow()
    quiet.start_tensorflow()
    print("after", file=sys.stderr)
"""


def started(folder, ending="", driver="/nowhere", level=None):
    """(exit code, standard error) of a process whose TensorFlow prints, and then does `ending`."""
    tensorflow = f"""
        import os
        os.write(2, {(NOISE + REST).encode()!r})
        {ending}
        class config:
            list_logical_devices = lambda: []
            list_physical_devices = lambda kind: []
    """
    (folder / "tensorflow.py").write_text(textwrap.dedent(tensorflow))
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    environment |= {"PYTHONPATH": str(folder)} | ({"TF_CPP_MIN_LOG_LEVEL": level} if level else {})
    run = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(driver)]
    result = subprocess.run(run, capture_output=True, text=True, env=environment, timeout=60)
    return result.returncode, result.stderr


def test_lines_of_the_log_are_left_out(tmp_path):
    assert started(tmp_path) == (0, REST + "after\n")


def test_a_level_below_2_shows_them(tmp_path):
    assert started(tmp_path, level="0") == (0, NOISE + REST + "after\n")
    assert started(tmp_path, level="2") == (0, REST + "after\n")


def test_they_are_shown_where_a_machine_with_a_gpu_finds_none(tmp_path):
    (tmp_path / "version").touch()
    assert started(tmp_path, driver=tmp_path / "version") == (0, NOISE + REST + "after\n")


@pytest.mark.parametrize(
    "ending, code",
    [
        ("raise ImportError('no such instruction')", 1),
        ("os.abort()", -signal.SIGABRT),
        ("os.kill(os.getpid(), 9)", -signal.SIGKILL),
        ("os._exit(3)", 3),
    ],
)
def test_a_failed_import_hides_nothing(tmp_path, ending, code):
    found, error = started(tmp_path, ending)
    assert found == code and error.startswith(NOISE + REST) and "after" not in error
    assert ("no such instruction" in error) == (code == 1)

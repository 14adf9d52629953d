"""Only one process trains in a run folder."""

import os
import socket
import subprocess
import sys

import pytest

from tfgan.experiment import lock

HOLDER = """
import sys, time
from tfgan.experiment import lock
with lock.held(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock of a folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path / "run"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_another_process_is_refused_until_the_first_is_dead(holder, tmp_path):
    run = tmp_path / "run"
    owner = f"run, in which process {holder.pid} on host {socket.gethostname()} has trained since 20"
    refused = "run_dir: expected a folder that no other process trains in"
    with pytest.raises(ValueError, match=refused) as error, lock.held(run):
        pass
    assert owner in str(error.value) and (run / "lock").exists()
    holder.kill()
    holder.wait()
    assert (run / "lock").exists(), "a killed process removes nothing"
    with lock.held(run):
        assert f'"process": {os.getpid()},' in (run / "lock").read_text()
    assert not (run / "lock").exists()


def test_it_leaves_no_trace_where_nothing_was_written(tmp_path):
    with pytest.raises(RuntimeError), lock.held(tmp_path / "new" / "run"):
        assert [path.name for path in (tmp_path / "new" / "run").iterdir()] == ["lock"]
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    with lock.held(tmp_path / "run"):
        (tmp_path / "run" / "flags.txt").touch()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["flags.txt"]
    (tmp_path / "empty").mkdir()
    with lock.held(tmp_path / "empty"):
        pass
    assert (tmp_path / "empty").exists(), "it was there before"


def test_threads_of_one_process_exclude_each_other_too(tmp_path):
    with lock.held(tmp_path), pytest.raises(ValueError, match=f"process {os.getpid()} on host"):
        with lock.held(tmp_path):
            pass


def test_a_lock_whose_file_was_removed_meanwhile_is_not_taken_for_the_lock(tmp_path, monkeypatch):
    """Between opening the file and locking it, its last owner may have removed it."""
    lock_it, files = lock._lock, []

    def removing(descriptor):
        files.append(os.fstat(descriptor).st_ino)
        if len(files) == 1:
            (tmp_path / "lock").rename(tmp_path / "removed")
        return lock_it(descriptor)

    monkeypatch.setattr(lock, "_lock", removing)
    with lock.held(tmp_path):
        assert len(files) == 2 and (tmp_path / "lock").stat().st_ino == files[1] != files[0]


def test_an_owner_that_has_not_said_who_it_is(tmp_path):
    with lock.held(tmp_path):
        (tmp_path / "lock").write_text("")
        with pytest.raises(ValueError, match="in which another process trains"):
            with lock.held(tmp_path):
                pass


@pytest.mark.parametrize("place", ["file", "file/run", "proc"])
def test_a_folder_that_cannot_be_written_to(tmp_path, place):
    (tmp_path / "file").touch()
    folder = "/proc/run" if place == "proc" else tmp_path / place
    with pytest.raises(ValueError, match="run_dir: expected a folder that can be written to; got"):
        with lock.held(folder):
            pass

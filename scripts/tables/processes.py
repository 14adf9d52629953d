"""Calls of a function in processes of their own, several at a time, which share the cores evenly."""

import multiprocessing
import os
import queue
from concurrent.futures import ThreadPoolExecutor


def cores():
    """The number of cores that this process may use."""
    return len(_available()) or os.cpu_count()


def each(function, items, at_a_time):
    """Calls a function for each item, in a process of its own on a share of the cores.

    Args:
        function: of one item; function and items must be picklable.
        items: list.
        at_a_time: int >= 1, number of processes at once.

    Returns:
        List of their exit codes, parallel to `items`.
    """
    available = _available()
    shares = queue.SimpleQueue()
    for i in range(at_a_time):
        shares.put(available[i::at_a_time])

    def play(item):
        share = shares.get()
        process = multiprocessing.get_context("spawn").Process(target=_on, args=(share, function, item))
        process.start()
        process.join()
        shares.put(share)
        return process.exitcode

    with ThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(play, items))


def _available():
    """The numbers of the cores that this process may use; empty if the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _on(share, function, item):
    if share:
        os.sched_setaffinity(0, share)
    function(item)

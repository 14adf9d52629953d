"""Calls in processes of their own, some at a time, which share the cores evenly."""

import multiprocessing
import os
import queue
from concurrent.futures import ThreadPoolExecutor


def each(function, items, at_a_time):
    """Calls a function for each item, in a process of its own on a share of the cores.

    Args:
        function: of one item; both can be pickled.
        items: list.
        at_a_time: int >= 1, processes at once.

    Returns:
        List of their exit codes, parallel to `items`.
    """
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    shares = queue.SimpleQueue()
    for i in range(at_a_time):
        shares.put(available[i::at_a_time])

    def play(item):
        cores = shares.get()
        process = multiprocessing.get_context("spawn").Process(target=_on, args=(cores, function, item))
        process.start()
        process.join()
        shares.put(cores)
        return process.exitcode

    with ThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(play, items))


def _on(cores, function, item):
    if cores:
        os.sched_setaffinity(0, cores)
    function(item)

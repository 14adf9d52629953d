"""How others write the same training step: peers for the benchmark.

Each module has `build(workload, batch, precision)`, which returns a `Peer`. They
are written plainly, the way the tutorials they stand for are, and share nothing
with tfgan but the layers of the workload.
"""

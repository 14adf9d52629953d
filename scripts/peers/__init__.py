"""Peers of the benchmark: the same training step as a Keras tutorial, TensorFlow and PyTorch write it.

Each module has `build(workload, batch, ...)`, which returns a function that trains for so
many generator updates. Peers are written plainly, as the tutorials are. `ours`, `bare` and
`sized` are the library itself.
"""

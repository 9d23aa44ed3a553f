"""Jobs and results of a measurement, as the Node side writes and reads them
(bench/peers/protocol.ts): plain little-endian numbers in files.
"""

import os

import numpy as np


class Part:
    """Rows, and one class for each."""

    def __init__(self, rows, labels):
        self.rows = rows
        self.labels = labels

    def slice(self, start, stop):
        return Part(self.rows[start:stop], self.labels[start:stop])


def read_parts(job):
    """The rows to learn and those to test with."""
    rows = np.fromfile(job["files"]["rows"], "<f4").reshape(-1, job["inputSize"])
    labels = np.fromfile(job["files"]["labels"], np.uint8)
    whole = Part(rows, labels)
    learn, test = job["counts"]["learn"], job["counts"]["test"]
    return whole.slice(0, learn), whole.slice(learn, learn + test)


def read_layers(job):
    """The network's parameters, layer by layer: weights [networks, neurons,
    contexts, inputs], hyperplanes [networks * neurons * halfspaces, inputSize],
    and the hyperplanes' offsets.
    """
    network = job["network"]
    networks = 1 if job["numClasses"] == 2 else job["numClasses"]
    halfspaces = network["contextMapSize"]
    numbers = np.fromfile(job["parameters"], "<f4")
    start = 0

    def take(*shape):
        nonlocal start
        size = int(np.prod(shape))
        start += size
        return numbers[start - size : start].reshape(shape)

    layers = []
    inputs = job["inputSize"]
    for neurons in [*network["layerSizes"], 1]:
        planes = networks * neurons * halfspaces
        weights = take(networks, neurons, 2**halfspaces, inputs + 1)
        layers.append((weights, take(planes, job["inputSize"]), take(planes)))
        inputs = neurons
    return layers


def write_results(job, part, probabilities, classes):
    """Writes what was predicted of a part, `learn` or `test`."""
    np.asarray(probabilities, "<f4").tofile(os.path.join(job["out"], part + ".f32"))
    np.asarray(classes, np.uint8).tofile(os.path.join(job["out"], part + ".u8"))

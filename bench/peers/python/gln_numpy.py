"""A Gated Linear Network in NumPy, after Veness et al. (arXiv 1910.01526).

A yardstick: what one gets who writes the algorithm down with arrays. Neurons and
classes are vectorised. Gates depend on no weight, so those of a whole block come
from one matrix product; rows are learned one after the other.
"""

import numpy as np

from job import read_layers

# Rows a call: what the gates' matrix products are made of.
BLOCK_ROWS = 1000


class Layer:
    """Neurons of all networks that look at the same number of inputs."""

    def __init__(self, weights, hyperplanes, offsets):
        self.weights = weights.copy()  # [networks, neurons, contexts, inputs]
        self.networks, self.neurons = weights.shape[:2]
        self.planes = hyperplanes.T
        self.offsets = offsets
        self.halfspaces = len(offsets) // (self.networks * self.neurons)
        self.network = np.arange(self.networks)[:, None]
        self.neuron = np.arange(self.neurons)[None, :]

    def contexts(self, rows):
        """The context of every neuron for every row: bit i is worth 2^i."""
        inside = rows @ self.planes > self.offsets
        bits = inside.reshape(len(rows), self.networks, self.neurons, self.halfspaces)
        return bits @ (1 << np.arange(self.halfspaces))


class NumpyGln:
    """One network for two classes, else one for each class against the rest."""

    rows_a_call = BLOCK_ROWS
    version = "numpy " + np.__version__

    def __init__(self, job):
        network = job["network"]
        self.base_predictor = network["basePredictor"]
        self.epsilon = network["predClipping"]
        self.bound = np.float32(np.log((1 - self.epsilon) / self.epsilon))
        self.weight_bound = np.float32(network["weightClipping"])
        self.rate = np.float32(network["learningRate"])
        self.layers = [Layer(*parameters) for parameters in read_layers(job)]
        self.networks = self.layers[0].networks

    def base_logits(self, rows):
        """What the first layer mixes."""
        if self.base_predictor == "logits":
            return rows
        probabilities = rows
        if self.base_predictor == "minMax":
            low = rows.min(axis=1, keepdims=True)
            width = rows.max(axis=1, keepdims=True) - low
            # A row of equal values says nothing.
            probabilities = np.where(width > 0, (rows - low) / np.where(width > 0, width, 1), 0.5)
        clipped = np.clip(probabilities, self.epsilon, 1 - self.epsilon).astype(np.float32)
        return np.log(clipped / (1 - clipped))

    def predict(self, rows):
        return self._pass(rows, None)

    def learn(self, rows, labels):
        """Learns row after row; returns the predictions from before each."""
        return self._pass(rows, labels)

    def _pass(self, rows, labels):
        base = with_ones(self.base_logits(rows))
        contexts = [layer.contexts(rows) for layer in self.layers]
        sums = np.empty((len(rows), self.networks), np.float32)
        for t in range(len(rows)):
            target = None if labels is None else self._targets(labels[t])
            # One row of inputs for all networks, until they go ways of their own.
            inputs = base[t : t + 1]
            for layer, of_layer in zip(self.layers, contexts):
                output = self._step(layer, of_layer[t], inputs, target)
                inputs = with_ones(np.clip(output, -self.bound, self.bound))
            sums[t] = output[:, 0]
        return self._answer(sums)

    def _targets(self, label):
        """What each network is told: whether the row is of its class."""
        if self.networks == 1:
            return np.array([label], np.float32)
        return (np.arange(self.networks) == label).astype(np.float32)

    def _step(self, layer, contexts, inputs, target):
        """The layer's sums [networks, neurons] for one row, from before its update."""
        active = (layer.network, layer.neuron, contexts)
        weights = layer.weights[active]
        sums = np.matmul(weights, inputs[:, :, None])[:, :, 0]
        if target is not None:
            error = sigmoid(np.clip(sums, -self.bound, self.bound)) - target[:, None]
            weights -= (self.rate * error)[:, :, None] * inputs[:, None, :]
            np.clip(weights, -self.weight_bound, self.weight_bound, out=weights)
            layer.weights[active] = weights
        return sums

    def _answer(self, sums):
        probabilities = sigmoid(np.clip(sums, -self.bound, self.bound))
        if self.networks == 1:
            return probabilities, sums[:, 0] > 0
        # Confident classes tie once they are clipped: the sums decide.
        return probabilities, sums.argmax(axis=1)


def with_ones(logits):
    """The inputs of a layer: what came before, and the bias."""
    return np.concatenate([logits, np.ones((len(logits), 1), np.float32)], axis=1)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))

"""A Gated Linear Network in PyTorch, after Veness et al. (arXiv 1910.01526).

The same as gln_numpy.py, with tensors: there is nothing for automatic
differentiation to do, since every neuron's gradient is a product of two numbers
that it has anyway.
"""

import numpy as np
import torch

from job import read_layers

# Rows a call: what the gates' matrix products are made of.
BLOCK_ROWS = 1000


class Layer:
    """Neurons of all networks that look at the same number of inputs."""

    def __init__(self, weights, hyperplanes, offsets):
        self.networks, self.neurons, self.contexts_each = weights.shape[:3]
        # One row of the table for each context: [networks * neurons * contexts, inputs]
        self.weights = torch.tensor(weights).flatten(0, 2)
        self.planes = torch.tensor(hyperplanes).T
        self.offsets = torch.tensor(offsets)
        self.halfspaces = len(offsets) // (self.networks * self.neurons)
        self.first_rows = torch.arange(self.networks * self.neurons) * self.contexts_each

    def active_rows(self, rows):
        """The row of the table that each neuron uses for each row of the input."""
        inside = rows @ self.planes > self.offsets
        bits = inside.reshape(len(rows), -1, self.halfspaces)
        return (bits << torch.arange(self.halfspaces)).sum(dim=2) + self.first_rows


class TorchGln:
    """One network for two classes, else one for each class against the rest."""

    rows_a_call = BLOCK_ROWS
    version = "torch " + torch.__version__

    def __init__(self, job):
        torch.set_num_threads(job["threads"])
        network = job["network"]
        self.base_predictor = network["basePredictor"]
        self.epsilon = network["predClipping"]
        self.bound = float(np.log((1 - self.epsilon) / self.epsilon))
        self.weight_bound = network["weightClipping"]
        self.rate = network["learningRate"]
        self.layers = [Layer(*parameters) for parameters in read_layers(job)]
        self.networks = self.layers[0].networks

    def base_logits(self, rows):
        """What the first layer mixes."""
        if self.base_predictor == "logits":
            return rows
        probabilities = rows
        if self.base_predictor == "minMax":
            low = rows.amin(dim=1, keepdim=True)
            width = rows.amax(dim=1, keepdim=True) - low
            # A row of equal values says nothing.
            safe = torch.where(width > 0, width, torch.ones_like(width))
            half = torch.full_like(rows, 0.5)
            probabilities = torch.where(width > 0, (rows - low) / safe, half)
        return torch.logit(probabilities, self.epsilon)

    @torch.no_grad()
    def predict(self, rows):
        return self._pass(torch.from_numpy(rows), None)

    @torch.no_grad()
    def learn(self, rows, labels):
        """Learns row after row; returns the predictions from before each."""
        return self._pass(torch.from_numpy(rows), torch.from_numpy(labels))

    def _pass(self, rows, labels):
        base = with_ones(self.base_logits(rows))
        active = [layer.active_rows(rows) for layer in self.layers]
        sums = torch.empty(len(rows), self.networks)
        targets = None if labels is None else self._targets(labels)
        for t in range(len(rows)):
            target = None if targets is None else targets[t]
            # One row of inputs for all networks, until they go ways of their own.
            inputs = base[t : t + 1]
            for layer, of_layer in zip(self.layers, active):
                output = self._step(layer, of_layer[t], inputs, target)
                inputs = with_ones(output.clamp(-self.bound, self.bound))
            sums[t] = output[:, 0]
        return self._answer(sums)

    def _targets(self, labels):
        """What each network is told of each row: whether it is of its class."""
        if self.networks == 1:
            return labels[:, None].float()
        return (labels[:, None] == torch.arange(self.networks)).float()

    def _step(self, layer, active, inputs, target):
        """The layer's sums [networks, neurons] for one row, from before its update."""
        chosen = layer.weights[active]
        weights = chosen.view(layer.networks, layer.neurons, -1)
        sums = torch.matmul(weights, inputs[:, :, None])[:, :, 0]
        if target is not None:
            error = sums.clamp(-self.bound, self.bound).sigmoid_() - target[:, None]
            weights -= (self.rate * error)[:, :, None] * inputs[:, None, :]
            layer.weights[active] = chosen.clamp_(-self.weight_bound, self.weight_bound)
        return sums

    def _answer(self, sums):
        probabilities = sums.clamp(-self.bound, self.bound).sigmoid().numpy()
        if self.networks == 1:
            return probabilities, (sums[:, 0] > 0).numpy()
        # Confident classes tie once they are clipped: the sums decide.
        return probabilities, sums.argmax(dim=1).numpy()


def with_ones(logits):
    """The inputs of a layer: what came before, and the bias."""
    return torch.cat([logits, torch.ones(len(logits), 1)], dim=1)

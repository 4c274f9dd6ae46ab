"""A perceptron with one hidden layer, in numpy alone. Its settings are `inputs`, `hidden` and `classes`."""

import numpy as np

import murmur


class Perceptron:
    def __init__(self, settings):
        inputs, hidden, classes = (int(settings[name]) for name in ("inputs", "hidden", "classes"))
        self.parameters = {"w1": (inputs, hidden), "b1": (hidden,), "w2": (hidden, classes), "b2": (classes,)}

    def initial(self, seed):
        random = np.random.default_rng(seed)

        def first(shape):
            return random.normal(0, np.sqrt(2 / shape[0]), shape) if len(shape) == 2 else np.zeros(shape)

        return {name: first(shape) for name, shape in self.parameters.items()}

    def train(self, model, rows, steps):
        for inputs, labels in steps.batches(rows):
            _, gradient = self._backward(model, inputs, labels)
            for name in model:
                model[name] -= np.float32(steps.rate) * gradient[name]
        return model

    def predict(self, model, rows):
        return self._forward(model, rows.inputs)[1]

    def gradient(self, model, rows):
        return self._backward(model, rows.inputs, rows.labels)

    def _forward(self, model, inputs):
        inputs = inputs.reshape(len(inputs), -1)
        hidden = np.maximum(0, inputs @ model["w1"] + model["b1"])
        logits = hidden @ model["w2"] + model["b2"]
        odds = np.exp(logits - logits.max(1, keepdims=True))
        return hidden, odds / odds.sum(1, keepdims=True)

    def _backward(self, model, inputs, labels):
        inputs = inputs.reshape(len(inputs), -1)
        hidden, probabilities = self._forward(model, inputs)
        of_labels = probabilities[np.arange(len(labels)), labels]
        loss = -np.log(np.maximum(of_labels, 1e-7)).mean()
        by_logits = probabilities.copy()
        by_logits[np.arange(len(labels)), labels] -= 1
        by_logits /= len(labels)
        by_hidden = (by_logits @ model["w2"].T) * (hidden > 0)
        return loss, {
            "w1": inputs.T @ by_hidden,
            "b1": by_hidden.sum(0),
            "w2": hidden.T @ by_logits,
            "b2": by_logits.sum(0),
        }


murmur.serve(Perceptron)

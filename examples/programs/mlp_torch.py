"""A perceptron with one hidden layer in PyTorch. Its settings are `inputs`, `hidden` and `classes`."""

from torch import nn

import murmur


def make(settings):
    inputs, hidden, classes = (int(settings[name]) for name in ("inputs", "hidden", "classes"))
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, classes))


murmur.serve(lambda settings: murmur.Torch(make, settings))

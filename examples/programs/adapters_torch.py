"""Low-rank adapters (Hu et al., LoRA, 2021) of a frozen base model in PyTorch: only the adapters are aggregated.

The base is drawn from the setting `base` here, so that the example is one file. A base of yours is a file of weights
beside the program, which the task names with its digest. The other settings are `inputs`, `classes` and `rank`.
"""

import torch
from torch import nn

import murmur

HIDDEN = 32


class Adapted(nn.Module):
    """A frozen layer, and a product of two thin matrices beside it, which begins as zero."""

    def __init__(self, base, rank):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, rows):
        return self.base(rows) + rows @ self.down.T @ self.up.T


def make(settings):
    inputs, classes, rank = (int(settings[name]) for name in ("inputs", "classes", "rank"))
    with torch.random.fork_rng():
        torch.manual_seed(int(settings["base"]))
        first, last = nn.Linear(inputs, HIDDEN), nn.Linear(HIDDEN, classes)
    return nn.Sequential(nn.Flatten(), Adapted(first, rank), nn.ReLU(), Adapted(last, rank))


murmur.serve(lambda settings: murmur.Torch(make, settings))

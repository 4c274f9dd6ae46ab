"""A small convolutional network in PyTorch, on pictures of `side` by `side`; `classes` is its other setting.

Rows come with the shape that the task's data have, height by width by channels or one row of numbers.
"""

from torch import nn

import murmur


class Pictures(nn.Module):
    def __init__(self, side, classes):
        super().__init__()
        self.side = side
        self.layers = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.GroupNorm(2, 4),  # not BatchNorm, whose statistics would stay at each site
            nn.Flatten(),
            nn.Linear(4 * ((side + 1) // 2) ** 2, classes),
        )

    def forward(self, rows):
        return self.layers(rows.reshape(len(rows), 1, self.side, self.side))


murmur.serve(
    lambda settings: murmur.Torch(lambda s: Pictures(int(s["side"]), int(s["classes"])), settings)
)

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { Verdict } from "../interfaces/Types.sol";

/// @title Figures, pay, verdicts and the next scale (docs/encodings.md, "Scores" and "Scale")
/// @notice Integers only. Figures, weights, debts and credits are in units of 1/128, `phi` in basis points. Every overflow
/// reverts.
library Scores {
  /// @notice A proven word is below it: seven figures of a byte, and a bucket below 64.
  uint256 internal constant WORD_LIMIT = 2 ** 62;
  /// @notice Stands for the figure of an alignment that was not proven; proven ones lie within 127.
  int256 internal constant NO_SCORE = -128;
  /// @notice Groups that must count in a round before it can strike anybody: fewer would be one group's word.
  uint256 internal constant STRIKING_GROUPS = 3;
  /// @notice Up to this level a strike needs no more than another direction; above it the update must be empty.
  uint256 internal constant MILD_LEVELS = 3;
  /// @notice Figures below it are empty; of a trainer with credit, figures below its negative.
  int256 internal constant SEVERE = 5;
  int256 internal constant BASIS_POINTS = 1e4;
  uint256 internal constant MAX_SCALE = 2 ** 53 - 1;

  error EmptySample();
  error ScaleOutOfRange(uint256 scale);
  error ZeroCoordinates();
  error ZeroTarget();

  /// @notice The figure of a group in a proven word, `sum_g (b_g + 128) 2^(8 g) + bucket 2^56`.
  function score(uint256 word, uint256 group) internal pure returns (int256) {
    return int256((word >> (8 * group)) & 0xff) - 128;
  }

  /// @notice The bucket of the norm in a proven word: `floor(log2 norm)`, 0 where the norm is 0.
  function bucket(uint256 word) internal pure returns (uint256) {
    return word >> 56;
  }

  /// @notice Whether a proven word is that of an update of nothing but zeros, or of a single 1: of a trainer that withheld
  /// its update, for its own safety, or could not know the support. It is neither paid nor struck.
  function isSilent(uint256 word) internal pure returns (bool) {
    return bucket(word) == 0;
  }

  /// @notice The weight of a round and the debt after it: what is above the toll, less what is owed for rounds below it.
  /// Without the debt, guesses would be paid where they are lucky and cost nothing where they are not.
  /// @param seen lower median of the figures over the groups that count.
  /// @param cap more than this is not paid for, and no debt grows beyond it.
  function weigh(uint256 debt, int256 seen, int256 toll, int256 cap)
    internal
    pure
    returns (uint256 weight, uint256 nextDebt)
  {
    int256 left = (seen < cap ? seen : cap) - toll - SafeCast.toInt256(debt);
    if (left > 0) return (SafeCast.toUint256(left), 0);
    return (0, SafeCast.toUint256(-left < cap ? -left : cap));
  }

  /// @notice A trainer's part of an accepted round's pot, rounded down. Where the round's weights fall short of `whole`,
  /// what is missing goes by credit: a quiet round pays those on whose work the model rests.
  /// @param weights of all, added; at most `whole`.
  /// @param whole weight at which all of the pot goes by weight; above zero.
  /// @param credits of all, this round's weights among them, added.
  function reward(
    uint256 pot,
    uint256 weight,
    uint256 weights,
    uint256 whole,
    uint256 credit,
    uint256 credits
  ) internal pure returns (uint256) {
    uint256 rest = pot * (whole - weights) / whole;
    return pot * weight / whole + (credits == 0 ? 0 : rest * credit / credits);
  }

  /// @notice What the groups that count say of a trainer.
  /// @param figures of the trainer, one a group.
  /// @param medians lower medians over the trainers, one a group.
  /// @param phi the part of a median that is asked for.
  /// @param floor a group whose median is below it has no say.
  /// @param hasCredit whether any of its rounds was ever paid.
  function verdict(int256[] memory figures, int256[] memory medians, int256 phi, int256 floor, bool hasCredit)
    internal
    pure
    returns (Verdict)
  {
    uint256 groups = medians.length;
    if (groups < STRIKING_GROUPS) return Verdict.Neither;
    (uint256 against, uint256 empty, uint256 clears) = (0, 0, 0);
    for (uint256 g; g < groups; ++g) {
      if (medians[g] < floor) continue;
      if (figures[g] * BASIS_POINTS >= phi * medians[g]) {
        ++clears;
        continue;
      }
      ++against;
      if (figures[g] < (hasCredit ? -SEVERE : SEVERE)) ++empty;
    }
    if (3 * against > 2 * groups) return 3 * empty > 2 * groups ? Verdict.Harsher : Verdict.Struck;
    return 3 * clears >= groups ? Verdict.Cleared : Verdict.Neither;
  }

  /// @notice The level after a verdict.
  function levelAfter(uint256 level, Verdict said) internal pure returns (uint256) {
    if (said == Verdict.Harsher || (said == Verdict.Struck && level < MILD_LEVELS)) return level + 1;
    return said == Verdict.Cleared && level > 0 ? level - 1 : level;
  }

  /// @notice What a level holds: the strike from level L holds `L * strike`, the first being a warning, and it is free
  /// again with the level.
  function held(uint256 level, uint256 strike) internal pure returns (uint256) {
    return level == 0 ? 0 : strike * (level * (level - 1) / 2);
  }

  /// @notice The element of rank `ceil(n / 2)`, smallest first. The array keeps its order.
  /// @dev Heapsort of a copy: n log n steps whatever the order, which a trainer could choose.
  function lowerMedian(int256[] memory values) internal pure returns (int256) {
    uint256 n = values.length;
    if (n == 0) revert EmptySample();
    int256[] memory heap = new int256[](n);
    for (uint256 i; i < n; ++i) {
      heap[i] = values[i];
    }
    for (uint256 i = n / 2; i > 0; --i) {
      _sink(heap, i - 1, n);
    }
    // The largest goes out until the one of the wanted rank is on top.
    uint256 rank = (n - 1) / 2;
    for (uint256 end = n - 1; end > rank; --end) {
      heap[0] = heap[end];
      _sink(heap, 0, end);
    }
    return heap[0];
  }

  /// @notice The scale of the next round, after an accepted one. A norm in bucket `m` counts as `1.5 * 2^m`:
  /// `scale * isqrt((3 << (m + 31)) / coordinates) / (target << 16)`, divisions rounded down, held within
  /// `[scale / 2, 2 * scale]` and then within `[1, 2^53 - 1]`. It stays where the norm that the target asks for,
  /// `coordinates * target^2`, lies in the same bucket: else a scale that is right would be moved.
  /// @param scale the round's, `1 <= scale < 2^53`, in units of 2^-48.
  /// @param medianBucket lower median of the trainers' proven buckets, below 64.
  /// @param coordinates of a round, `chunks * K`.
  /// @param target the task's target root mean square of a coordinate.
  function nextScale(uint256 scale, uint256 medianBucket, uint256 coordinates, uint256 target)
    internal
    pure
    returns (uint256)
  {
    if (scale == 0 || scale > MAX_SCALE) revert ScaleOutOfRange(scale);
    if (coordinates == 0) revert ZeroCoordinates();
    if (target == 0) revert ZeroTarget();
    if ((coordinates * target * target) >> medianBucket == 1) return scale;
    uint256 next = scale * Math.sqrt(3 * 2 ** (medianBucket + 31) / coordinates) / (target * 2 ** 16);
    next = Math.min(Math.max(next, scale / 2), 2 * scale);
    return Math.min(Math.max(next, 1), MAX_SCALE);
  }

  /// @dev Sinks the element `node` of a max-heap of `n` elements.
  function _sink(int256[] memory heap, uint256 node, uint256 n) private pure {
    int256 value = heap[node];
    while (true) {
      uint256 child = 2 * node + 1;
      if (child >= n) break;
      if (child + 1 < n && heap[child + 1] > heap[child]) ++child;
      if (heap[child] <= value) break;
      heap[node] = heap[child];
      node = child;
    }
    heap[node] = value;
  }
}

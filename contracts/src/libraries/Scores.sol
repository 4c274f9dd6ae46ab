// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { Bn254 } from "./Bn254.sol";

/// @title Scores, strikes, reward weights and the next scale (docs/encodings.md, "Scores" and "Scale")
/// @notice Integers only. Cosines are in units of 10^-9, `phi` in basis points. Every overflow reverts.
library Scores {
  /// @notice A cosine of one.
  int256 internal constant ONE = 1e9;
  int256 internal constant BASIS_POINTS = 1e4;
  uint256 internal constant SCORE_LIMIT = 2 ** 63;
  uint256 internal constant MAX_SCALE = 2 ** 53 - 1;

  error EmptySample();
  error ScaleOutOfRange(uint256 scale);
  error ZeroCoordinates();
  error ZeroTarget();

  /// @notice The largest integer whose square is at most `x`.
  function isqrt(uint256 x) internal pure returns (uint256) {
    return Math.sqrt(x);
  }

  /// @notice Reads a proven score: `s` below r stands for `s` if it is below 2^63, for `s - r` if that is above
  /// -2^63; any other word is refused (`ok` false).
  function readScore(uint256 signal) internal pure returns (bool ok, int256 score) {
    if (signal < SCORE_LIMIT) return (true, SafeCast.toInt256(signal));
    if (signal < Bn254.R && Bn254.R - signal < SCORE_LIMIT) {
      return (true, -SafeCast.toInt256(Bn254.R - signal));
    }
    return (false, 0);
  }

  /// @notice `score * 10^9 / isqrt(norm * referenceNorm)`, rounded toward zero; 0 if the root is 0.
  function cosine(int256 score, uint256 norm, uint256 referenceNorm) internal pure returns (int256) {
    uint256 root = isqrt(norm * referenceNorm);
    if (root == 0) return 0;
    return score * ONE / SafeCast.toInt256(root);
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

  /// @notice Whether a trainer of the cohort gets a strike.
  /// @param proven whether it proved its alignment.
  /// @param cos its cosine.
  /// @param median of the cohort's cosines.
  /// @param floor the signal floor, in units of 10^-9: below it a round strikes nobody who proved.
  /// @param phi the part of the median that is asked for, in basis points.
  function isStrike(bool proven, int256 cos, int256 median, int256 floor, uint256 phi)
    internal
    pure
    returns (bool)
  {
    if (!proven) return true;
    return median >= floor && cos * BASIS_POINTS < SafeCast.toInt256(phi) * median;
  }

  /// @notice `max(0, cos - delta)`.
  function rewardWeight(int256 cos, int256 delta) internal pure returns (uint256) {
    int256 excess = cos - delta;
    return excess > 0 ? SafeCast.toUint256(excess) : 0;
  }

  /// @notice The scale of the next round, after an accepted one:
  /// `scale * isqrt((medianNorm << 32) / coordinates) / (target << 16)`, divisions rounded down,
  /// held within `[scale / 2, 2 * scale]` and then within `[1, 2^53 - 1]`.
  /// @param scale the round's, `1 <= scale < 2^53`, in units of 2^-48.
  /// @param medianNorm lower median of the trainers' proven norms, all chunks added.
  /// @param coordinates of a round, `chunks * K`.
  /// @param target the task's target root mean square of a coordinate.
  function nextScale(uint256 scale, uint256 medianNorm, uint256 coordinates, uint256 target)
    internal
    pure
    returns (uint256)
  {
    if (scale == 0 || scale > MAX_SCALE) revert ScaleOutOfRange(scale);
    if (coordinates == 0) revert ZeroCoordinates();
    if (target == 0) revert ZeroTarget();
    uint256 next = scale * isqrt(medianNorm * 2 ** 32 / coordinates) / (target * 2 ** 16);
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

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title Counting votes on a model: a majority of stake names it, a median weighted by stake judges it
/// @notice Qualities and gains are in basis points.
library Ballot {
  /// @param stake of the voter; zero if it does not count.
  /// @param model zero if the voter was silent.
  struct Paper {
    uint256 stake;
    bytes32 model;
    int256 quality;
    int256 gain;
  }

  /// @param model that more than half of all stake named; zero if there is none, and then nothing else is set.
  /// @param quality median of those who named it, weighted by stake.
  /// @param gain likewise.
  struct Result {
    bool accepted;
    bytes32 model;
    uint256 quality;
    int256 gain;
  }

  /// @notice Counts. More than half of the stake of all, the silent included, must stand behind one model.
  function count(Paper[] memory papers, int256 minGain) internal pure returns (Result memory result) {
    uint256 behind;
    (result.model, behind) = majority(papers);
    if (result.model == 0) return result;
    uint256 n = papers.length;
    int256[] memory qualities = new int256[](n);
    int256[] memory gains = new int256[](n);
    uint256[] memory stakes = new uint256[](n);
    for (uint256 i; i < n; ++i) {
      if (papers[i].model != result.model) continue;
      (qualities[i], gains[i], stakes[i]) = (papers[i].quality, papers[i].gain, papers[i].stake);
    }
    result.quality = uint256(weightedMedian(qualities, stakes, behind));
    result.gain = weightedMedian(gains, stakes, behind);
    result.accepted = result.gain >= minGain;
  }

  /// @notice The model with more than half of all stake, or zero.
  function majority(Paper[] memory papers) internal pure returns (bytes32 model, uint256 behind) {
    uint256 total;
    for (uint256 i; i < papers.length; ++i) {
      total += papers[i].stake;
    }
    for (uint256 i; i < papers.length; ++i) {
      if (papers[i].model == 0) continue;
      behind = 0;
      for (uint256 j; j < papers.length; ++j) {
        if (papers[j].model == papers[i].model) behind += papers[j].stake;
      }
      if (2 * behind > total) return (papers[i].model, behind);
    }
    return (0, 0);
  }

  /// @notice The smallest value at which the stake of it and all below reaches half.
  /// @param total sum of `stakes`, above zero.
  function weightedMedian(int256[] memory values, uint256[] memory stakes, uint256 total)
    internal
    pure
    returns (int256 median)
  {
    // Rank by rank, without sorting: at most 32 values, and no order of theirs makes it dearer.
    bool found;
    for (uint256 i; i < values.length; ++i) {
      if (stakes[i] == 0 || (found && values[i] >= median)) continue;
      uint256 upTo;
      for (uint256 j; j < values.length; ++j) {
        if (values[j] <= values[i]) upTo += stakes[j];
      }
      if (2 * upTo >= total) (median, found) = (values[i], true);
    }
  }

  /// @notice Whether a vote is off the consensus: on another model, or further than `band` from the median quality.
  /// Without a consensus nobody is.
  function isOutlier(Result memory result, bytes32 model, uint256 quality, uint256 band)
    internal
    pure
    returns (bool)
  {
    if (result.model == 0) return false;
    if (model != result.model) return true;
    uint256 distance = quality > result.quality ? quality - result.quality : result.quality - quality;
    return distance > band;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Judgement } from "../interfaces/Types.sol";

/// @title Counting votes: a majority of stake names a model and references, medians weighted by stake judge the model
/// @notice Qualities and gains are in basis points.
library Ballot {
  /// @param stake of the voter; zero if it does not count.
  /// @param judgement its model is zero if the voter was silent or abstained.
  struct Paper {
    uint256 stake;
    Judgement judgement;
  }

  /// @param model, references that more than half of all stake named as a pair; zero if there is none, and then nothing
  /// else is set.
  /// @param quality median of those who named them, weighted by stake; `qualityBefore` and `gain` likewise.
  struct Result {
    bool accepted;
    bytes32 model;
    bytes32 references;
    int256 quality;
    int256 qualityBefore;
    int256 gain;
  }

  /// @notice Counts. More than half of the stake of all, the silent included, must stand behind one pair: a majority for a
  /// model and another for references could be two, and who computed neither would decide both.
  function count(Paper[] memory papers, int256 minGain) internal pure returns (Result memory result) {
    uint256 n = papers.length;
    uint256[] memory stakes = new uint256[](n);
    uint256 behind;
    (result.model, result.references, behind) = majority(papers, stakes);
    if (result.model == 0) return result;
    int256[] memory values = new int256[](n);
    for (uint256 i; i < n; ++i) {
      values[i] = int256(uint256(papers[i].judgement.quality));
    }
    result.quality = weightedMedian(values, stakes, behind);
    for (uint256 i; i < n; ++i) {
      values[i] = int256(uint256(papers[i].judgement.qualityBefore));
    }
    result.qualityBefore = weightedMedian(values, stakes, behind);
    for (uint256 i; i < n; ++i) {
      values[i] = int256(uint256(papers[i].judgement.quality)) - values[i];
    }
    result.gain = weightedMedian(values, stakes, behind);
    result.accepted = result.gain >= minGain;
  }

  /// @notice The pair with more than half of all stake, or zeros.
  /// @param stakes is filled with the stake of those who named it, the others zero.
  function majority(Paper[] memory papers, uint256[] memory stakes)
    internal
    pure
    returns (bytes32 model, bytes32 references, uint256 behind)
  {
    uint256 total;
    for (uint256 i; i < papers.length; ++i) {
      total += papers[i].stake;
    }
    for (uint256 i; i < papers.length; ++i) {
      (model, references, behind) = (papers[i].judgement.model, papers[i].judgement.references, 0);
      if (model == 0) continue;
      for (uint256 j; j < papers.length; ++j) {
        stakes[j] = names(papers[j].judgement, model, references) ? papers[j].stake : 0;
        behind += stakes[j];
      }
      if (2 * behind > total) return (model, references, behind);
    }
    return (0, 0, 0);
  }

  /// @notice Whether a vote names this pair.
  function names(Judgement memory judgement, bytes32 model, bytes32 references) internal pure returns (bool) {
    return judgement.model == model && judgement.references == references;
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

  /// @notice Whether a vote is off the consensus: on another pair, or further than `band` from a median quality, of the new
  /// model or of the one before. Without a consensus nobody is.
  function isOutlier(Result memory result, Judgement memory judgement, int256 band)
    internal
    pure
    returns (bool)
  {
    if (result.model == 0) return false;
    if (!names(judgement, result.model, result.references)) return true;
    return isFar(int256(uint256(judgement.quality)), result.quality, band)
      || isFar(int256(uint256(judgement.qualityBefore)), result.qualityBefore, band);
  }

  /// @notice Whether two values are further apart than `band`.
  function isFar(int256 a, int256 b, int256 band) internal pure returns (bool) {
    return a > b + band || b > a + band;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Judgement } from "../../src/interfaces/Types.sol";
import { Ballot } from "../../src/libraries/Ballot.sol";

/// @title Votes: the median weighted by stake against its definition, and what a majority is
contract BallotTest is Test {
  bytes32 private constant A = keccak256("a");
  bytes32 private constant B = keccak256("b");

  /// @dev At most half of the stake lies below the median, and at least half up to it.
  function testFuzz_weightedMedian_splitsTheStake(int16[7] memory values, uint64[7] memory stakes)
    public
    pure
  {
    int256[] memory v = new int256[](7);
    uint256[] memory s = new uint256[](7);
    uint256 total;
    for (uint256 i; i < 7; ++i) {
      (v[i], s[i]) = (values[i], stakes[i]);
      total += stakes[i];
    }
    vm.assume(total > 0);
    int256 median = Ballot.weightedMedian(v, s, total);
    uint256 below;
    uint256 upTo;
    for (uint256 i; i < 7; ++i) {
      if (v[i] < median) below += s[i];
      if (v[i] <= median) upTo += s[i];
    }
    assertLt(2 * below, total);
    assertGe(2 * upTo, total);
  }

  function test_majority_isMoreThanHalfOfAllStake() public pure {
    Ballot.Paper[] memory papers = new Ballot.Paper[](3);
    uint256[] memory stakes = new uint256[](3);
    (papers[0].stake, papers[0].judgement.model) = (50, A);
    (papers[1].stake, papers[1].judgement.model) = (25, B);
    papers[2].stake = 25; // silent, and counted
    (bytes32 model, bytes32 references, uint256 behind) = Ballot.majority(papers, stakes);
    assertEq(model, 0);
    papers[0].stake = 51;
    papers[0].judgement.references = B;
    (model, references, behind) = Ballot.majority(papers, stakes);
    assertEq(model, A);
    assertEq(references, B);
    assertEq(behind, 51);
    assertEq(stakes[0], 51);
    assertEq(stakes[1] + stakes[2], 0);
  }

  /// @dev Half the stake with one pair and half with another, of one model.
  function test_majority_isOfThePair() public pure {
    Ballot.Paper[] memory papers = new Ballot.Paper[](2);
    (papers[0].stake, papers[0].judgement.model, papers[0].judgement.references) = (50, A, A);
    (papers[1].stake, papers[1].judgement.model, papers[1].judgement.references) = (50, A, B);
    (bytes32 model,,) = Ballot.majority(papers, new uint256[](2));
    assertEq(model, 0);
    papers[1].judgement.references = A;
    (model,,) = Ballot.majority(papers, new uint256[](2));
    assertEq(model, A);
  }

  /// @dev Medians of those who named the pair alone: another vote's numbers move nothing.
  function test_count_isOfThoseWhoNamedThePair() public pure {
    Ballot.Paper[] memory papers = new Ballot.Paper[](3);
    papers[0] = Ballot.Paper(40, Judgement(A, A, 8000, 7000));
    papers[1] = Ballot.Paper(40, Judgement(A, A, 9000, 7500));
    papers[2] = Ballot.Paper(19, Judgement(A, B, 0, 10_000));
    Ballot.Result memory result = Ballot.count(papers, 1000);
    assertTrue(result.accepted);
    assertEq(result.quality, 8000);
    assertEq(result.qualityBefore, 7000);
    assertEq(result.gain, 1000);
  }

  /// @dev Without a consensus nobody is far from it.
  function test_isOutlier_onlyWithAConsensus() public pure {
    Ballot.Result memory none;
    assertFalse(Ballot.isOutlier(none, Judgement(A, A, 1, 1), 0));
    Ballot.Result memory result = Ballot.Result(true, A, B, 500, 400, 100);
    assertTrue(Ballot.isOutlier(result, Judgement(B, B, 500, 400), 10));
    assertTrue(Ballot.isOutlier(result, Judgement(A, A, 500, 400), 10));
    assertFalse(Ballot.isOutlier(result, Judgement(A, B, 490, 410), 10));
    assertTrue(Ballot.isOutlier(result, Judgement(A, B, 511, 400), 10));
    assertTrue(Ballot.isOutlier(result, Judgement(A, B, 489, 400), 10));
    assertTrue(Ballot.isOutlier(result, Judgement(A, B, 500, 411), 10));
    assertTrue(Ballot.isOutlier(result, Judgement(A, B, 500, 389), 10));
  }
}

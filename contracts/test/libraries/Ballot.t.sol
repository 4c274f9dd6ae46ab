// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
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
    (papers[0].stake, papers[0].model) = (50, A);
    (papers[1].stake, papers[1].model) = (25, B);
    papers[2].stake = 25; // silent, and counted
    (bytes32 model,) = Ballot.majority(papers);
    assertEq(model, 0);
    papers[0].stake = 51;
    uint256 behind;
    (model, behind) = Ballot.majority(papers);
    assertEq(model, A);
    assertEq(behind, 51);
  }

  /// @dev Without a consensus nobody is far from it.
  function test_isOutlier_onlyWithAConsensus() public pure {
    Ballot.Result memory none;
    assertFalse(Ballot.isOutlier(none, A, 1, 0));
    Ballot.Result memory result = Ballot.Result(true, A, 500, 0);
    assertTrue(Ballot.isOutlier(result, B, 500, 10));
    assertFalse(Ballot.isOutlier(result, A, 490, 10));
    assertTrue(Ballot.isOutlier(result, A, 511, 10));
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Draw } from "../../src/libraries/Draw.sol";

/// @title The draw: as many seats as there are, in proportion to stake, to nobody without stake
contract DrawTest is Test {
  function testFuzz_weighted_fillsTheSeats(uint96[8] memory stakes, uint256 seats, bytes32 seed) public pure {
    uint256[] memory list = new uint256[](8);
    uint256 withStake;
    for (uint256 i; i < 8; ++i) {
      list[i] = stakes[i];
      if (stakes[i] > 0) ++withStake;
    }
    seats = bound(seats, 1, 8);
    bool[] memory drawn = Draw.weighted(list, seats, seed);
    uint256 count;
    for (uint256 i; i < 8; ++i) {
      if (!drawn[i]) continue;
      ++count;
      assertGt(stakes[i], 0);
    }
    assertEq(count, seats < withStake ? seats : withStake);
  }

  /// @dev Over 2,000 draws of one seat, three quarters of the stake wins three quarters of them.
  function test_weighted_isInProportionToStake() public pure {
    uint256 won;
    for (uint256 i; i < 2000; ++i) {
      uint256[] memory list = new uint256[](2);
      (list[0], list[1]) = (75 ether, 25 ether);
      if (Draw.weighted(list, 1, keccak256(abi.encode(i)))[0]) ++won;
    }
    assertApproxEqAbs(won, 1500, 80);
  }
}

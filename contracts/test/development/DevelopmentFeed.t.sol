// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { DevelopmentFeed } from "../../src/development/DevelopmentFeed.sol";
import { Built } from "../Built.sol";

contract DevelopmentFeedTest is Test {
  function test_set_isAnswered() public {
    DevelopmentFeed feed = Built.developmentFeed(5);
    (, int256 answer,,,) = feed.latestRoundData();
    assertEq(answer, 5);
    feed.set(7);
    skip(100 days);
    uint256 updatedAt;
    (, answer,, updatedAt,) = feed.latestRoundData();
    assertEq(answer, 7);
    assertEq(updatedAt, block.timestamp);
  }

  function test_constructor_whereMoneyIsRealIsRefused() public {
    vm.chainId(1);
    vm.expectRevert(abi.encodeWithSelector(DevelopmentFeed.NotADevelopmentChain.selector, 1));
    Built.developmentFeed(5);
  }
}

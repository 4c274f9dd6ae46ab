// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { DevelopmentToken } from "../../src/development/DevelopmentToken.sol";
import { Built } from "../Built.sol";

/// @title Play money stays where it is play
contract DevelopmentTokenTest is Test {
  function testFuzz_mint_isForAnyone(address minter, address to, uint256 amount) public {
    vm.assume(to != address(0));
    DevelopmentToken token = Built.developmentToken();
    vm.prank(minter);
    token.mint(to, amount);
    assertEq(token.balanceOf(to), amount);
  }

  function testFuzz_constructor_refusesOtherChains(uint64 chainId) public {
    vm.assume(chainId != 0 && chainId != 31_337 && chainId != 1337);
    vm.chainId(chainId);
    vm.expectRevert(abi.encodeWithSelector(DevelopmentToken.NotADevelopmentChain.selector, chainId));
    Built.developmentToken();
  }
}

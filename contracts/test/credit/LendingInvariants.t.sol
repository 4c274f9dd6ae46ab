// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { LendingPool } from "../../src/credit/LendingPool.sol";
import { TestToken } from "../assets/TestToken.sol";
import { LendingHandler } from "./LendingHandler.sol";

/// @title What holds of the pool whatever anybody does
abstract contract LendingInvariants is Test {
  LendingHandler internal handler;

  function _target(bool bounded) internal {
    handler = new LendingHandler(bounded);
    handler.setUp();
    bytes4[] memory selectors = new bytes4[](13);
    selectors[0] = LendingHandler.lendSome.selector;
    selectors[1] = LendingHandler.redeemSome.selector;
    selectors[2] = LendingHandler.secureSome.selector;
    selectors[3] = LendingHandler.borrowSome.selector;
    selectors[4] = LendingHandler.freeSome.selector;
    selectors[5] = LendingHandler.repaySome.selector;
    selectors[6] = LendingHandler.liquidateOne.selector;
    selectors[7] = LendingHandler.showOne.selector;
    selectors[8] = LendingHandler.revokeOne.selector;
    selectors[9] = LendingHandler.recallAll.selector;
    selectors[10] = LendingHandler.move.selector;
    selectors[11] = LendingHandler.wait.selector;
    selectors[12] = LendingHandler.donate.selector;
    targetSelector(FuzzSelector({ addr: address(handler), selectors: selectors }));
    targetContract(address(handler));
  }

  /// @dev That the calls reach what the invariants are about: loans at the edge, and their liquidation.
  function test_handler_reachesLoansAndLiquidations() public {
    for (uint256 i; i < 4; ++i) {
      handler.lendSome(i, 1e12);
      handler.showOne(i, i);
      handler.secureSome(i, 10e18);
      handler.borrowSome(i, uint256(20_000e6) * 100 / (105 + 5 * i));
    }
    for (uint256 i; i < 8; ++i) {
      handler.move(0);
      for (uint256 who; who < 4; ++who) {
        handler.liquidateOne(who, 1e9);
      }
    }
    assertGt(handler.borrows(), 2);
    assertGt(handler.liquidations(), 0);
    _books();
  }

  function _books() internal view {
    (LendingPool pool, TestToken asset, TestToken collateral) = handler.thePool();
    (uint256 debts, uint256 held, uint256 shares) = (0, 0, 0);
    uint256 count = handler.actorCount();
    for (uint256 i; i < count; ++i) {
      address account = handler.actors(i);
      debts += pool.debtOf(account);
      held += pool.collateralOf(account);
      shares += pool.balanceOf(account);
    }
    // The sum of the accounts is the balance, to the last unit.
    assertEq(asset.balanceOf(address(pool)), pool.cash() + handler.strayAssets(), "assets");
    assertEq(collateral.balanceOf(address(pool)), pool.totalCollateral() + handler.strayCollateral(), "held");
    assertEq(held, pool.totalCollateral(), "collateral");
    assertEq(shares, pool.totalSupply(), "shares");
    // What each owes is rounded up, what all owe down.
    assertGe(debts, pool.totalDebt(), "debts");
    assertLe(debts, pool.totalDebt() + count, "debts");
    // No loan opens with too little behind it, and no liquidation makes one worse.
    assertEq(handler.freed(), 0, "free collateral");
    assertEq(handler.worsened(), 0, "worsened");
    // Lenders lose what was written off, and nothing else; all their shares together are covered.
    assertGe(pool.totalAssets() + handler.redeemed() + handler.writtenOff(), handler.lent(), "lenders' money");
    assertLe(pool.previewRedeem(shares), pool.totalAssets(), "shares are covered");
  }
}

/// @title Within the bounds: nothing is ever written off
contract LendingBoundedTest is LendingInvariants {
  function setUp() public {
    _target(true);
  }

  /// forge-config: ci.invariant.runs = 16
  /// forge-config: ci.invariant.depth = 100
  function invariant_booksAndNoLoss() public view {
    _books();
    assertEq(handler.writtenOff(), 0, "written off");
    (LendingPool pool,,) = handler.thePool();
    for (uint256 i; i < handler.actorCount(); ++i) {
      address account = handler.actors(i);
      // Every debt is covered.
      uint256 value = pool.collateralOf(account) * pool.price() / 1e20;
      assertGe(value, pool.debtOf(account), "uncovered");
    }
  }
}

/// @title Beyond the bounds: what is lost is what was written off
contract LendingUnboundedTest is LendingInvariants {
  function setUp() public {
    _target(false);
  }

  /// forge-config: ci.invariant.runs = 16
  /// forge-config: ci.invariant.depth = 100
  function invariant_books() public view {
    _books();
  }
}

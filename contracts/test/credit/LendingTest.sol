// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { LendingPool } from "../../src/credit/LendingPool.sol";
import { ILendingPool } from "../../src/credit/interfaces/ILendingPool.sol";
import { IPriceFeed } from "../../src/credit/interfaces/IPriceFeed.sol";
import { TestToken } from "../assets/TestToken.sol";
import { UnitToken } from "../assets/UnitToken.sol";
import { CreditTest } from "./CreditTest.sol";
import { SettableFeed } from "../assets/SettableFeed.sol";
import { Built } from "../Built.sol";

/// @title What the pool's tests share: a pool that lends a token of 6 decimals against one of 18, worth 2,000 of it
abstract contract LendingTest is CreditTest {
  uint256 internal constant UNIT = 1e6;
  int256 internal constant PRICE = 2000e8;

  TestToken internal asset;
  TestToken internal collateral;
  SettableFeed internal feed;
  LendingPool internal pool;

  address internal lender = vm.addr(0x1E4D);
  address internal liquidator = vm.addr(0x11C);

  function setUp() public virtual override {
    super.setUp();
    (asset, collateral) = (Built.unitToken(6), Built.unitToken(18));
    feed = Built.settableFeed(8, PRICE);
    pool = Built.lendingPool("Lent", "LENT", defaultPolicy());
  }

  function defaultPolicy() internal view returns (ILendingPool.Policy memory p) {
    (p.asset, p.collateral, p.feed) = (IERC20(asset), IERC20(collateral), feed);
    (p.maxAge, p.minPrice, p.maxPrice, p.grace) = (1 hours, 1e8, 100_000e8, 3 days);
    (p.credentials, p.model, p.set) = (credentials, MODEL, set);
    (p.base, p.slope, p.steep, p.kink, p.minDebt) = (0.01e18, 0.04e18, 0.95e18, 0.8e18, 100 * UNIT);
  }

  // ---- steps

  function give(TestToken token_, address account, uint256 amount) internal {
    token_.mint(account, amount);
    vm.prank(account);
    token_.approve(address(pool), type(uint256).max);
  }

  function lend(uint256 amount) internal returns (uint256 shares) {
    give(asset, lender, amount);
    vm.prank(lender);
    return pool.deposit(amount, lender);
  }

  function secure(address account, uint256 amount) internal {
    give(collateral, account, amount);
    vm.prank(account);
    pool.addCollateral(account, amount);
  }

  function borrow(address account, uint256 amount) internal {
    vm.prank(account);
    pool.borrow(amount);
  }

  function liquidate(address account, uint256 amount) internal returns (uint256 paid, uint256 seized) {
    give(asset, liquidator, amount);
    vm.prank(liquidator);
    return pool.liquidate(account, amount, 0);
  }

  function setPrice(int256 price) internal {
    feed.set(price);
  }

  function setPriceTo(uint256 price) internal {
    // forge-lint: disable-next-line(unsafe-typecast)
    feed.set(int256(price));
  }

  /// @dev Time passes, and the feed goes on answering.
  function pass(uint256 time) internal {
    (, int256 answer,,,) = feed.latestRoundData();
    skip(time);
    feed.set(answer);
  }

  function worth(address account) internal view returns (uint256) {
    return pool.collateralOf(account) * pool.price() / 1e20;
  }
}

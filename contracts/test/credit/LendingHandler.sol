// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Vm } from "forge-std/Vm.sol";
import { LendingPool } from "../../src/credit/LendingPool.sol";
import { ILendingPool } from "../../src/credit/interfaces/ILendingPool.sol";
import { TestToken } from "../assets/TestToken.sol";
import { LendingTest } from "./LendingTest.sol";

/// @title Calls of lenders, borrowers, liquidators, issuers and the feed, in any order
/// @notice *Bounded*: the price falls by two percent at most, a day passes at most, and then liquidators act: what the pool
/// states its solvency for. Else the price is any within the feed's bounds, and liquidators come when they like.
contract LendingHandler is LendingTest {
  bool private immutable BOUNDED;

  address[] public actors;
  /// @notice What the pool must have besides its books: tokens that were sent without a call.
  uint256 public strayAssets;
  uint256 public strayCollateral;
  /// @notice Money of the lenders, in and out.
  uint256 public lent;
  uint256 public redeemed;
  uint256 public writtenOff;
  /// @notice Calls that found collateral missing afterwards: a loan that opened with too little.
  uint256 public freed;
  /// @notice Liquidations that left a loan worse.
  uint256 public worsened;
  uint256 public borrows;
  uint256 public liquidations;

  mapping(address account => uint256) private _serials;
  uint256 private _serial;

  constructor(bool bounded) {
    BOUNDED = bounded;
  }

  function setUp() public override {
    super.setUp();
    for (uint256 i; i < 5; ++i) {
      address account = vm.addr(0x5000 + i);
      actors.push(account);
      give(asset, account, 0);
      give(collateral, account, 0);
    }
  }

  // ---- lenders

  function lendSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    amount = bound(amount, 1, 1e6 * UNIT);
    asset.mint(account, amount);
    vm.prank(account);
    pool.deposit(amount, account);
    lent += amount;
  }

  function redeemSome(uint256 who, uint256 shares) external {
    address account = _actor(who);
    uint256 most = pool.maxRedeem(account);
    if (most == 0) return;
    shares = bound(shares, 1, most);
    if (pool.previewRedeem(shares) == 0) return;
    vm.prank(account);
    redeemed += pool.redeem(shares, account, account);
  }

  // ---- borrowers

  function secureSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    amount = bound(amount, 1, 100e18);
    collateral.mint(account, amount);
    vm.prank(account);
    pool.addCollateral(account, amount);
  }

  function borrowSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    uint256 room = worth(account) * 10_000 / pool.termsOf(account).open;
    // Mostly what is allowed, and now and then too much.
    amount = bound(amount, 1, room + room / 16 + 1);
    vm.prank(account);
    try pool.borrow(amount) {
      ++borrows;
      _checkOpened(account);
    } catch { }
    _liquidateAll();
  }

  function freeSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    uint256 held = pool.collateralOf(account);
    if (held == 0) return;
    amount = bound(amount, 1, held);
    vm.prank(account);
    try pool.withdrawCollateral(amount) {
      if (pool.debtOf(account) > 0) _checkOpened(account);
    } catch { }
  }

  function repaySome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    uint256 debt = pool.debtOf(account);
    if (debt == 0) return;
    amount = bound(amount, 1, debt);
    if (amount < debt && debt - amount < 100 * UNIT) amount = debt;
    asset.mint(account, amount);
    vm.prank(account);
    pool.repay(account, amount);
  }

  function liquidateOne(uint256 who, uint256 amount) external {
    _liquidate(_actor(who), bound(amount, 1, 1e6 * UNIT));
  }

  // ---- credentials

  function showOne(uint256 who, uint256 bracket) external {
    address account = _actor(who);
    (, uint256 end) = credentials.standingOf(account, MODEL, set);
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp < end) return;
    _serials[account] = ++_serial;
    show(account, signalsOf(account, bracket % 10, credentials.periodEnd(), vm.toString(account), _serial));
  }

  function revokeOne(uint256 who) external {
    uint256 serial = _serials[_actor(who)];
    if (serial == 0 || issuers.revokedAt(issuers.serialHashOf(serial)) != 0) return;
    issuers.revoke(serial);
  }

  function recallAll(uint256 seed) external {
    if (seed % 4 != 0) return;
    vm.prank(curator);
    issuers.recall(set);
  }

  // ---- the world

  function move(uint256 price) external {
    uint256 now_ = pool.price();
    uint256 least = BOUNDED ? now_ - now_ / 50 : 1e8;
    uint256 most = BOUNDED ? now_ + now_ / 5 : 100_000e8;
    price = bound(price, least < 1e8 ? 1e8 : least, most > 100_000e8 ? 100_000e8 : most);
    setPriceTo(price);
    _liquidateAll();
  }

  function wait(uint256 time) external {
    pass(bound(time, 1, BOUNDED ? 1 days : 60 days));
    _liquidateAll();
  }

  function donate(uint256 amount) external {
    amount = bound(amount, 1, 1e6 * UNIT);
    asset.mint(address(pool), amount);
    collateral.mint(address(pool), amount);
    strayAssets += amount;
    strayCollateral += amount;
  }

  // ---- views

  function actorCount() external view returns (uint256) {
    return actors.length;
  }

  function thePool() external view returns (LendingPool, TestToken, TestToken) {
    return (pool, asset, collateral);
  }

  // ---- inside

  function _actor(uint256 who) private view returns (address) {
    return actors[who % actors.length];
  }

  function _checkOpened(address account) private {
    uint256 needed = pool.debtOf(account) * pool.termsOf(account).open;
    if (worth(account) * 10_000 < needed) ++freed;
  }

  function _liquidateAll() private {
    if (!BOUNDED) return;
    for (uint256 i; i < actors.length; ++i) {
      for (uint256 step; step < 64 && _liquidate(actors[i], type(uint128).max); ++step) { }
    }
  }

  function _liquidate(address account, uint256 amount) private returns (bool) {
    (uint256 debt, uint256 value) = (pool.debtOf(account), worth(account));
    if (debt == 0 || value * 10_000 >= debt * pool.termsOf(account).kept) return false;
    asset.mint(liquidator, amount);
    vm.startPrank(liquidator);
    asset.approve(address(pool), amount);
    vm.recordLogs();
    try pool.liquidate(account, amount, 0) {
      ++liquidations;
    } catch {
      vm.stopPrank();
      return false;
    }
    vm.stopPrank();
    _noteLoss();
    uint256 left = pool.debtOf(account);
    if (left > 0 && (worth(account) + 1) * debt < value * (left - 1)) ++worsened;
    return true;
  }

  function _noteLoss() private {
    Vm.Log[] memory logs = vm.getRecordedLogs();
    for (uint256 i; i < logs.length; ++i) {
      if (logs[i].topics[0] == ILendingPool.WrittenOff.selector) {
        writtenOff += abi.decode(logs[i].data, (uint256));
      }
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { ERC4626 } from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { LendingPool } from "../../src/credit/LendingPool.sol";
import { ILendingPool } from "../../src/credit/interfaces/ILendingPool.sol";
import { IPriceFeed } from "../../src/credit/interfaces/IPriceFeed.sol";
import { FeeToken } from "../assets/FeeToken.sol";
import { ReentrantToken } from "../assets/ReentrantToken.sol";
import { RefusingToken } from "../assets/RefusingToken.sol";
import { TestToken } from "../assets/TestToken.sol";
import { UnitToken } from "../assets/UnitToken.sol";
import { LendingTest } from "./LendingTest.sol";
import { SettableFeed } from "../assets/SettableFeed.sol";
import { Built } from "../Built.sol";

/// @title Lending by bracket
contract LendingPoolTest is LendingTest {
  // ---- what a bracket asks

  function test_borrow_asMuchAsTheBracketAllowsAndNoMore() public {
    lend(100_000 * UNIT);
    for (uint256 k; k < 10; ++k) {
      address account = vm.addr(0x9000 + k);
      show(account, k);
      uint256 most = 1000 * UNIT;
      // Just enough: 1,000 units at 105 + 5 k percent, at 2,000 a unit.
      uint256 needed = 1e18 * (105 + 5 * k) / 200;
      secure(account, needed - 1);
      vm.expectRevert(
        abi.encodeWithSelector(
          ILendingPool.CollateralTooSmall.selector,
          account,
          most * (105 + 5 * k) / 100 - 1,
          most * (105 + 5 * k) / 100
        )
      );
      vm.prank(account);
      pool.borrow(most);
      secure(account, 1);
      vm.expectEmit(address(pool));
      emit ILendingPool.Borrowed(account, most, most, 10_500 + 500 * k);
      borrow(account, most);
      assertEq(asset.balanceOf(account), most);
    }
  }

  function test_termsOf_areThoseOfTheTable() public {
    for (uint256 k; k < 10; ++k) {
      address account = vm.addr(0x9000 + k);
      show(account, k);
      ILendingPool.Terms memory t = pool.termsOf(account);
      assertEq(t.open, 10_500 + 500 * k);
      assertEq(t.kept, 10_400 + 400 * k);
      assertEq(t.bonus, k < 4 ? 100 + 100 * k : 500);
      // The bonus never takes more than there is where liquidation begins.
      assertLt(10_000 + t.bonus, t.kept);
    }
    ILendingPool.Terms memory none = pool.termsOf(stranger);
    assertEq(none.open, 15_000);
    assertEq(none.kept, 14_000);
    assertEq(none.bonus, 500);
  }

  function test_borrow_withoutCredentialAt150() public {
    lend(10_000 * UNIT);
    secure(alice, 1e18);
    vm.expectRevert(
      abi.encodeWithSelector(ILendingPool.CollateralTooSmall.selector, alice, 2000 * UNIT, 2_000_000_001)
    );
    vm.prank(alice);
    pool.borrow(1_333_333_334);
    borrow(alice, 1_333_333_333);
  }

  /// @dev Another's credential, one of another model, and one of another set.
  function test_borrow_othersCredentialsDoNotCount() public {
    show(bob, 0);
    assertEq(pool.termsOf(alice).open, 15_000);
    ILendingPool.Policy memory p = defaultPolicy();
    p.model = 77;
    assertEq(Built.lendingPool("", "", p).termsOf(bob).open, 15_000);
    (p.model, p.set) = (MODEL, set + 1);
    assertEq(Built.lendingPool("", "", p).termsOf(bob).open, 15_000);
    p.set = set;
    assertEq(Built.lendingPool("", "", p).termsOf(bob).open, 10_500);
  }

  // ---- when a credential ends while a loan is open

  function test_credential_expiresWhileALoanIsOpen() public {
    _openAt105();
    uint256 end = credentials.periodEnd();
    _warp(end);
    assertEq(pool.termsOf(alice).open, 10_500);
    // From the next second on nothing new: a loan of 150 % to open, though it is kept as before.
    _warp(end + 1);
    ILendingPool.Terms memory t = pool.termsOf(alice);
    assertEq(t.open, 15_000);
    assertEq(t.kept, 10_400);
    secure(alice, 0.01e18);
    vm.expectPartialRevert(ILendingPool.CollateralTooSmall.selector);
    vm.prank(alice);
    pool.borrow(1 * UNIT);
    vm.expectPartialRevert(ILendingPool.CollateralTooSmall.selector);
    vm.prank(alice);
    pool.withdrawCollateral(0.001e18);
    _expectSound(alice);
    // The last second of the grace, and the one after.
    _warp(end + 3 days);
    assertEq(pool.termsOf(alice).kept, 10_400);
    _expectSound(alice);
    _warp(end + 3 days + 1);
    assertEq(pool.termsOf(alice).kept, 14_000);
    (uint256 paid, uint256 seized) = liquidate(alice, 100 * UNIT);
    assertEq(paid, 100 * UNIT);
    assertGt(seized, 0.05e18);
  }

  function test_credential_renewedWithinTheGrace() public {
    _openAt105();
    uint256 end = credentials.periodEnd();
    _warp(end + 2 days);
    show(alice, 0);
    assertEq(pool.termsOf(alice).open, 10_500);
    _warp(end + 4 days);
    _expectSound(alice);
  }

  function test_credential_revokedWhileALoanIsOpen() public {
    _openAt105();
    issuers.revoke(uint160(alice));
    assertEq(pool.termsOf(alice).open, 15_000);
    assertEq(pool.termsOf(alice).kept, 10_400);
    pass(3 days - 1);
    _expectSound(alice);
    pass(1);
    assertEq(pool.termsOf(alice).kept, 14_000);
    liquidate(alice, 100 * UNIT);
  }

  function test_credential_recalledWhileALoanIsOpen() public {
    _openAt105();
    vm.prank(curator);
    issuers.recall(set);
    assertEq(pool.termsOf(alice).open, 15_000);
    _expectSound(alice);
    show(alice, 0);
    assertEq(pool.termsOf(alice).open, 10_500);
  }

  function _openAt105() private {
    show(alice, 0);
    lend(10_000 * UNIT);
    secure(alice, 0.53e18);
    borrow(alice, 1000 * UNIT);
  }

  function _warp(uint256 time) private {
    vm.warp(time);
    setPrice(PRICE);
  }

  function _expectSound(address account) private {
    uint256 needed = (pool.debtOf(account) * pool.termsOf(account).kept + 9999) / 10_000;
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.LoanSound.selector, account, worth(account), needed));
    pool.liquidate(account, 1, 0);
  }

  // ---- collateral

  function test_withdrawCollateral_allWithoutDebtAndNoFreeOneWithIt() public {
    lend(10_000 * UNIT);
    secure(alice, 1e18);
    borrow(alice, 1000 * UNIT);
    vm.expectRevert(
      abi.encodeWithSelector(ILendingPool.CollateralTooSmall.selector, alice, 1500 * UNIT - 1, 1500 * UNIT)
    );
    vm.prank(alice);
    pool.withdrawCollateral(0.25e18 + 1);
    vm.prank(alice);
    pool.withdrawCollateral(0.25e18);
    give(asset, alice, 1000 * UNIT);
    vm.prank(alice);
    pool.repay(alice, 1000 * UNIT);
    // No price is needed to leave.
    setPrice(-1);
    vm.startPrank(alice);
    vm.expectRevert(
      abi.encodeWithSelector(ILendingPool.CollateralTooSmall.selector, alice, 0.75e18, 0.75e18 + 1)
    );
    pool.withdrawCollateral(0.75e18 + 1);
    pool.withdrawCollateral(0.75e18);
    assertEq(collateral.balanceOf(alice), 1e18);
    assertEq(pool.totalCollateral(), 0);
  }

  function test_withdrawCollateral_isOnesOwn() public {
    secure(alice, 1e18);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.CollateralTooSmall.selector, bob, 0, 1));
    vm.prank(bob);
    pool.withdrawCollateral(1);
  }

  function test_zeroAmounts_areRefused() public {
    bytes memory refusal = abi.encodeWithSelector(ILendingPool.ZeroAmount.selector);
    vm.expectRevert(refusal);
    pool.addCollateral(alice, 0);
    vm.expectRevert(refusal);
    pool.withdrawCollateral(0);
    vm.expectRevert(refusal);
    pool.borrow(0);
    vm.expectRevert(refusal);
    pool.repay(alice, 0);
    vm.expectRevert(refusal);
    pool.deposit(0, alice);
    vm.expectRevert(refusal);
    pool.redeem(0, alice, address(this));
  }

  // ---- debts and interest

  function test_debtOf_growsByTheKinkedRate() public {
    lend(1000 * UNIT);
    secure(alice, 10e18);
    borrow(alice, 800 * UNIT);
    // At the kink: 1 % and 4 %.
    assertEq(pool.rate(), 0.05e18);
    pass(365 days);
    assertApproxEqAbs(pool.debtOf(alice), 840 * UNIT, 1);
    assertGe(pool.debtOf(alice), 840 * UNIT);
    pool.accrue();
    borrow(alice, 100 * UNIT);
    // 940 of 1,040: 1 % and 4 %, and of the steep 95 % the part above the kink.
    uint256 above = uint256(0.95e18) * (uint256(940e18) / 1040 - 0.8e18) / 0.2e18;
    assertApproxEqAbs(pool.rate(), 0.05e18 + above, 1e10);
  }

  function test_rate_withoutDebtIsTheBase() public {
    assertEq(pool.rate(), 0.01e18);
    lend(1000 * UNIT);
    assertEq(pool.rate(), 0.01e18);
    pass(365 days);
    assertEq(pool.totalAssets(), 1000 * UNIT);
  }

  /// @dev Whatever is rounded, the pool never has less than the lenders put in and the borrowers owe.
  /// forge-config: ci.fuzz.runs = 256
  function testFuzz_repay_roundingFavoursThePool(uint256 amount, uint256 time, uint256 part) public {
    amount = bound(amount, 100 * UNIT, 900 * UNIT);
    time = bound(time, 1, 1000 days);
    lend(1000 * UNIT);
    secure(alice, 100e18);
    borrow(alice, amount);
    pass(time);
    uint256 debt = pool.debtOf(alice);
    assertGe(debt, amount);
    uint256 assets = pool.totalAssets();
    assertGe(assets, 1000 * UNIT);
    part = bound(part, 1, debt - 100 * UNIT + 1);
    if (part > debt - 100 * UNIT) part = debt;
    give(asset, alice, debt);
    vm.prank(alice);
    assertEq(pool.repay(alice, part), part);
    assertGe(pool.totalAssets(), assets);
    assertGe(pool.debtOf(alice) + part, debt);
    // A unit of the debt, and one of what the index is applied to.
    assertLe(pool.debtOf(alice) + part, debt + 2 + debt / amount);
  }

  function test_repay_moreThanTheDebtTakesTheDebt() public {
    lend(1000 * UNIT);
    secure(alice, 1e18);
    borrow(alice, 500 * UNIT);
    pass(100 days);
    uint256 debt = pool.debtOf(alice);
    give(asset, bob, 1000 * UNIT);
    vm.prank(bob);
    assertEq(pool.repay(alice, type(uint256).max), debt);
    assertEq(pool.debtOf(alice), 0);
    assertEq(pool.totalDebt(), 0);
    assertEq(asset.balanceOf(bob), 1000 * UNIT - debt);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.NoDebt.selector, alice));
    vm.prank(bob);
    pool.repay(alice, 1);
  }

  function test_borrow_dustIsRefused() public {
    lend(1000 * UNIT);
    secure(alice, 1e18);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.DebtTooSmall.selector, 100 * UNIT - 1, 100 * UNIT));
    vm.prank(alice);
    pool.borrow(100 * UNIT - 1);
    borrow(alice, 100 * UNIT);
    give(asset, alice, 1);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.DebtTooSmall.selector, 100 * UNIT - 1, 100 * UNIT));
    vm.prank(alice);
    pool.repay(alice, 1);
  }

  function test_borrow_moreThanTheCashIsRefused() public {
    lend(1000 * UNIT);
    secure(alice, 10e18);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.CashTooSmall.selector, 1000 * UNIT, 1000 * UNIT + 1));
    vm.prank(alice);
    pool.borrow(1000 * UNIT + 1);
  }

  // ---- lenders

  function test_redeem_withInterestAndNotWhatIsLent() public {
    uint256 shares = lend(1000 * UNIT);
    secure(alice, 10e18);
    borrow(alice, 800 * UNIT);
    assertEq(pool.maxWithdraw(lender), 200 * UNIT);
    assertLe(pool.maxRedeem(lender), shares / 5 + 1);
    vm.expectPartialRevert(ERC4626.ERC4626ExceededMaxWithdraw.selector);
    vm.prank(lender);
    pool.withdraw(200 * UNIT + 1, lender, lender);
    pass(365 days);
    give(asset, alice, 100 * UNIT);
    vm.prank(alice);
    pool.repay(alice, type(uint256).max);
    vm.prank(lender);
    uint256 out = pool.redeem(shares, lender, lender);
    assertApproxEqAbs(out, 1040 * UNIT, 2);
    assertLe(out, 1040 * UNIT + 1);
    // What stays are the virtual share's units.
    assertLe(pool.cash(), 2);
  }

  function test_redeem_anothersSharesNeedAnAllowance() public {
    uint256 shares = lend(1000 * UNIT);
    vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
    vm.prank(bob);
    pool.redeem(shares, bob, lender);
    vm.prank(lender);
    pool.approve(bob, shares);
    vm.prank(bob);
    pool.redeem(shares, bob, lender);
    assertEq(asset.balanceOf(bob), 1000 * UNIT);
  }

  /// @dev The first lender has one unit, gives the pool a fortune, and hopes that the next deposit rounds to no share.
  function test_deposit_sharesAreNotInflated() public {
    address thief = stranger;
    give(asset, thief, 1 + 1e6 * UNIT);
    vm.startPrank(thief);
    uint256 own = pool.deposit(1, thief);
    assertTrue(asset.transfer(address(pool), 1e6 * UNIT));
    vm.stopPrank();
    assertEq(pool.totalAssets(), 1);
    uint256 shares = lend(1000 * UNIT);
    vm.prank(lender);
    assertEq(pool.redeem(shares, lender, lender), 1000 * UNIT);
    vm.prank(thief);
    assertEq(pool.redeem(own, thief, thief), 1);
  }

  /// @dev Through the books instead: it borrows and repays over and over, so that what is rounded stays with its one unit.
  function test_deposit_sharesAreNotInflatedByRounding() public {
    give(asset, stranger, 1000 * UNIT);
    vm.prank(stranger);
    pool.deposit(200 * UNIT, stranger);
    secure(stranger, 10e18);
    borrow(stranger, 100 * UNIT);
    pass(1);
    give(asset, stranger, 100 * UNIT);
    for (uint256 i; i < 50; ++i) {
      pass(1);
      vm.prank(stranger);
      pool.borrow(2);
      vm.prank(stranger);
      pool.repay(stranger, 1);
    }
    vm.startPrank(stranger);
    pool.repay(stranger, type(uint256).max);
    pool.redeem(pool.balanceOf(stranger) - 1, stranger, stranger);
    vm.stopPrank();
    uint256 shares = lend(1000 * UNIT);
    assertGe(pool.previewRedeem(shares), 1000 * UNIT - 1);
  }

  // ---- liquidation

  function test_liquidate_atTheBoundary() public {
    show(alice, 2); // 115 % to open, 112 % kept, bonus 3 %
    lend(10_000 * UNIT);
    secure(alice, 0.575e18);
    borrow(alice, 1000 * UNIT);
    // 0.575 at 1,948 is 1,120.1: above 112 %.
    setPrice(1948e8);
    _expectSound(alice);
    setPrice(1947e8);
    give(asset, liquidator, 10_000 * UNIT);
    vm.startPrank(liquidator);
    uint256 expected = uint256(500 * UNIT) * 10_300 / 10_000 * 1e20 / 1947e8;
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.SeizedTooLittle.selector, expected, expected + 1));
    pool.liquidate(alice, 10_000 * UNIT, expected + 1);
    (uint256 paid, uint256 seized) = pool.liquidate(alice, 10_000 * UNIT, expected);
    // Half of the debt, and three percent more in collateral.
    assertEq(paid, 500 * UNIT);
    assertEq(seized, expected);
    assertEq(collateral.balanceOf(liquidator), seized);
    assertEq(pool.debtOf(alice), 500 * UNIT);
  }

  function test_liquidate_smallDebtAllAtOnce() public {
    lend(10_000 * UNIT);
    secure(alice, 0.15e18);
    borrow(alice, 200 * UNIT);
    setPrice(1800e8);
    (uint256 paid,) = liquidate(alice, 200 * UNIT);
    assertEq(paid, 200 * UNIT);
    assertEq(pool.debtOf(alice), 0);
    assertGt(pool.collateralOf(alice), 0);
  }

  function test_liquidate_leavesNoDust() public {
    lend(10_000 * UNIT);
    secure(alice, 0.15e18);
    borrow(alice, 200 * UNIT);
    setPrice(1800e8);
    give(asset, liquidator, 200 * UNIT);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.DebtTooSmall.selector, 99 * UNIT, 100 * UNIT));
    vm.prank(liquidator);
    pool.liquidate(alice, 101 * UNIT, 0);
  }

  /// @dev Collateral between debt and debt with bonus: the bonus is what there is, and lenders lose nothing.
  function test_liquidate_betweenDebtAndBonusLosesNothing() public {
    _openAt105();
    // 0.53 at 1,900 is 1,007: less than 1 % above the debt.
    setPrice(1900e8);
    uint256 assets = pool.totalAssets();
    (uint256 paid, uint256 seized) = liquidate(alice, type(uint128).max);
    assertEq(paid, 1000 * UNIT);
    assertEq(seized, 0.53e18);
    assertEq(pool.debtOf(alice), 0);
    assertEq(pool.totalAssets(), assets);
  }

  /// @dev The price fell further than the bounds: the loss is booked, once, and all lenders bear it.
  function test_liquidate_beyondTheBoundsWritesOff() public {
    _openAt105();
    setPrice(1500e8); // 0.53 is worth 795
    uint256 paidExpected = (uint256(795 * UNIT) * 10_000 + 10_099) / 10_100;
    give(asset, liquidator, 10_000 * UNIT);
    vm.startPrank(liquidator);
    vm.expectRevert(
      abi.encodeWithSelector(ILendingPool.PaymentTooSmall.selector, paidExpected - 1, paidExpected)
    );
    pool.liquidate(alice, paidExpected - 1, 0);
    vm.expectEmit(address(pool));
    emit ILendingPool.WrittenOff(alice, 1000 * UNIT - paidExpected);
    (uint256 paid, uint256 seized) = pool.liquidate(alice, paidExpected, 0);
    vm.stopPrank();
    assertEq(paid, paidExpected);
    assertEq(seized, 0.53e18);
    assertEq(pool.debtOf(alice), 0);
    assertEq(pool.totalDebt(), 0);
    assertEq(pool.totalAssets(), 9000 * UNIT + paidExpected);
    assertApproxEqAbs(pool.maxWithdraw(lender), pool.totalAssets(), 1);
  }

  function test_liquidate_worthlessCollateralCostsNothing() public {
    ILendingPool.Policy memory p = defaultPolicy();
    p.minPrice = 1;
    pool = Built.lendingPool("", "", p);
    _openAt105();
    setPrice(1);
    (uint256 paid, uint256 seized) = liquidate(alice, 1);
    assertEq(paid, 0);
    assertEq(seized, 0.53e18);
    assertEq(pool.debtOf(alice), 0);
  }

  /// @dev For any bracket, price and payment: the ratio of collateral to debt is not worse afterwards, but for a unit.
  /// forge-config: ci.fuzz.runs = 256
  function testFuzz_liquidate_neverWorsensALoan(uint256 k, uint256 price, uint256 amount) public {
    k = bound(k, 0, 9);
    show(alice, k);
    lend(10_000 * UNIT);
    secure(alice, 1e18 * (105 + 5 * k) / 200);
    borrow(alice, 1000 * UNIT);
    // From where the loan is worth its debt to where liquidation begins.
    uint256 least = uint256(2000e8) * 100 / (105 + 5 * k) + 1;
    uint256 most = uint256(2000e8) * (104 + 4 * k) / (105 + 5 * k) - 1;
    setPriceTo(bound(price, least, most));
    amount = bound(amount, 1, 900 * UNIT);
    (uint256 before, uint256 debt) = (worth(alice), pool.debtOf(alice));
    uint256 assets = pool.totalAssets();
    (uint256 paid,) = liquidate(alice, amount);
    assertLe(paid, amount);
    uint256 left = pool.debtOf(alice);
    assertGe((worth(alice) + 1) * debt, before * (left > 0 ? left - 1 : 0));
    assertGe(pool.totalAssets(), assets);
  }

  /// @dev The bound that the interface states: a fall by less than `1 - (1 + bonus) / kept` loses lenders nothing.
  /// forge-config: ci.fuzz.runs = 256
  function testFuzz_liquidate_withinTheBoundsLosesNothing(uint256 k, uint256 fall) public {
    k = bound(k, 0, 9);
    show(alice, k);
    lend(10_000 * UNIT);
    secure(alice, 1e18 * (105 + 5 * k) / 200);
    borrow(alice, 1000 * UNIT);
    ILendingPool.Terms memory t = pool.termsOf(alice);
    // The last price at which the loan is sound; from there on the price falls at once.
    uint256 last = (uint256(2000e8) * (104 + 4 * k) + 104 + 5 * k) / (105 + 5 * k);
    uint256 bound_ = 1e18 - 1e18 * (10_000 + t.bonus) / t.kept;
    fall = bound(fall, 1e10, bound_);
    setPriceTo(last * (1e18 - fall) / 1e18);
    while (pool.debtOf(alice) > 0) {
      uint256 assets = pool.totalAssets();
      uint256 value = worth(alice);
      if (value * 10_000 >= pool.debtOf(alice) * t.kept) break;
      (uint256 paid, uint256 seized) = liquidate(alice, type(uint128).max);
      assertGe(pool.totalAssets(), assets);
      // And the liquidator has its whole bonus, but for a unit.
      assertGe(seized * pool.price() / 1e20 + 2, paid * (10_000 + t.bonus) / 10_000);
    }
  }

  // ---- prices

  function test_price_staleByASecondIsRefused() public {
    uint256 since = block.timestamp;
    vm.warp(since + 1 hours);
    assertEq(pool.price(), 2000e8);
    vm.warp(since + 1 hours + 1);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.PriceStale.selector, since, 1 hours));
    pool.price();
  }

  function test_price_fromTheFutureIsRefused() public {
    feed.set(PRICE, block.timestamp + 1);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.PriceStale.selector, block.timestamp + 1, 1 hours));
    pool.price();
  }

  function test_price_roundThatWasNotAnsweredIsRefused() public {
    feed.set(PRICE, 0);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.PriceStale.selector, 0, 1 hours));
    pool.price();
  }

  function test_price_zeroNegativeAndOutOfBoundsAreRefused() public {
    int256[5] memory answers = [int256(0), -1, type(int256).min, 1e8 - 1, 100_000e8 + 1];
    for (uint256 i; i < answers.length; ++i) {
      setPrice(answers[i]);
      vm.expectRevert(
        abi.encodeWithSelector(ILendingPool.PriceOutOfBounds.selector, answers[i], 1e8, 100_000e8)
      );
      pool.price();
    }
    setPrice(1e8);
    assertEq(pool.price(), 1e8);
    setPrice(100_000e8);
    assertEq(pool.price(), 100_000e8);
  }

  /// @dev Without a price nobody borrows, frees collateral of a loan, or is liquidated; everybody can pay, add and leave.
  function test_price_missingStopsWhatNeedsIt() public {
    uint256 shares = lend(10_000 * UNIT);
    secure(alice, 1e18);
    borrow(alice, 1000 * UNIT);
    skip(2 hours);
    (,,, uint256 since,) = feed.latestRoundData();
    bytes memory stale = abi.encodeWithSelector(ILendingPool.PriceStale.selector, since, 1 hours);
    vm.startPrank(alice);
    vm.expectRevert(stale);
    pool.borrow(1);
    vm.expectRevert(stale);
    pool.withdrawCollateral(1);
    vm.stopPrank();
    vm.expectRevert(stale);
    pool.liquidate(alice, 1, 0);
    secure(alice, 1e18);
    vm.prank(lender);
    pool.redeem(shares / 2, lender, lender);
    give(asset, alice, 1000 * UNIT);
    vm.startPrank(alice);
    pool.repay(alice, type(uint256).max);
    pool.withdrawCollateral(2e18);
  }

  function test_sequencer_downOrJustBackStopsPrices() public {
    SettableFeed uptime = Built.settableFeed(0, 0);
    ILendingPool.Policy memory p = defaultPolicy();
    p.sequencer = IPriceFeed(uptime);
    pool = Built.lendingPool("", "", p);
    uint256 up = block.timestamp;
    vm.warp(up + 1 hours);
    setPrice(PRICE);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.SequencerDown.selector, up));
    pool.price();
    vm.warp(up + 1 hours + 1);
    setPrice(PRICE);
    assertEq(pool.price(), 2000e8);
    uptime.set(1);
    vm.warp(up + 5 hours);
    setPrice(PRICE);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.SequencerDown.selector, up + 1 hours + 1));
    pool.price();
    // A round that never started.
    uptime.set(0, 0);
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.SequencerDown.selector, 0));
    pool.price();
  }

  /// @dev Tokens and feeds of 0 to 18 decimals: what is borrowed is the same worth.
  function test_decimals_ofTokensAndFeed() public {
    uint8[3] memory kinds = [0, 8, 18];
    for (uint256 i; i < 27; ++i) {
      (uint8 a, uint8 c, uint8 f) = (kinds[i / 9], kinds[i / 3 % 3], kinds[i % 3]);
      (asset, collateral) = (Built.unitToken(a), Built.unitToken(c));
      feed = Built.settableFeed(f, 1);
      setPriceTo(2000 * 10 ** f);
      ILendingPool.Policy memory p = defaultPolicy();
      (p.minPrice, p.maxPrice, p.minDebt) = (10 ** f, 1e6 * 10 ** f, 1);
      pool = Built.lendingPool("", "", p);
      lend(10_000 * 10 ** a);
      secure(bob, 3 * 10 ** c);
      vm.expectPartialRevert(ILendingPool.CollateralTooSmall.selector);
      vm.prank(bob);
      pool.borrow(4000 * 10 ** a + 1);
      borrow(bob, 4000 * 10 ** a);
    }
  }

  // ---- tokens

  function test_tokens_thatSayFalseAreRefused() public {
    RefusingToken token_ = new RefusingToken();
    (asset, collateral) = (token_, new RefusingToken());
    pool = Built.lendingPool("", "", defaultPolicy());
    lend(1000 ether);
    secure(alice, 1 ether);
    RefusingToken(address(collateral)).refuse(true);
    token_.refuse(true);
    bytes memory refusal =
      abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token_));
    bytes memory other =
      abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(collateral));
    vm.startPrank(lender);
    vm.expectRevert(refusal);
    pool.deposit(1, lender);
    vm.expectRevert(refusal);
    pool.withdraw(1, lender, lender);
    vm.stopPrank();
    vm.startPrank(alice);
    vm.expectRevert(refusal);
    pool.borrow(100 ether);
    vm.expectRevert(other);
    pool.addCollateral(alice, 1);
    vm.expectRevert(other);
    pool.withdrawCollateral(1);
  }

  function test_tokens_thatTakeAFeeAreRefused() public {
    (asset, collateral) = (new FeeToken(), new FeeToken());
    pool = Built.lendingPool("", "", defaultPolicy());
    bytes memory refusal = abi.encodeWithSelector(ILendingPool.TransferInexact.selector, 1000, 999);
    give(asset, lender, 1000);
    vm.expectRevert(refusal);
    vm.prank(lender);
    pool.deposit(1000, lender);
    give(collateral, alice, 1000);
    vm.expectRevert(refusal);
    vm.prank(alice);
    pool.addCollateral(alice, 1000);
  }

  /// @dev From within every transfer, into every function that moves money.
  function test_tokens_thatReenterFindTheGuard() public {
    ReentrantToken a = new ReentrantToken();
    ReentrantToken c = new ReentrantToken();
    (asset, collateral) = (a, c);
    ILendingPool.Policy memory p = defaultPolicy();
    pool = Built.lendingPool("", "", p);
    bytes[] memory calls = new bytes[](8);
    calls[0] = abi.encodeCall(pool.deposit, (1, address(this)));
    calls[1] = abi.encodeCall(pool.mint, (1e6, address(this)));
    calls[2] = abi.encodeCall(pool.addCollateral, (alice, 1));
    calls[3] = abi.encodeCall(pool.withdrawCollateral, (1));
    calls[4] = abi.encodeCall(pool.borrow, (1));
    calls[5] = abi.encodeCall(pool.repay, (alice, 1));
    calls[6] = abi.encodeCall(pool.liquidate, (alice, 1, 0));
    calls[7] = abi.encodeCall(pool.addCollateral, (bob, 5));
    give(a, lender, 1e9 ether);
    give(a, alice, 1e9 ether);
    give(c, alice, 1e9 ether);
    for (uint256 i; i < calls.length; ++i) {
      vm.startPrank(lender);
      a.arm(address(pool), calls[i]);
      pool.deposit(100_000 ether, lender);
      _guarded(a);
      a.arm(address(pool), calls[i]);
      pool.withdraw(1 ether, lender, lender);
      _guarded(a);
      vm.stopPrank();
      vm.startPrank(alice);
      c.arm(address(pool), calls[i]);
      pool.addCollateral(alice, 1000 ether);
      _guarded(c);
      a.arm(address(pool), calls[i]);
      pool.borrow(1000 ether);
      _guarded(a);
      c.arm(address(pool), calls[i]);
      pool.withdrawCollateral(1 ether);
      _guarded(c);
      a.arm(address(pool), calls[i]);
      pool.repay(alice, 100 ether);
      _guarded(a);
      vm.stopPrank();
    }
  }

  function _guarded(ReentrantToken token_) private view {
    assertFalse(token_.succeeded());
    assertEq(bytes4(token_.answer()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
  }

  // ---- the policy

  function test_constructor_refusesWhatIsOutOfRange() public {
    ILendingPool.Policy memory p = defaultPolicy();
    p.collateral = p.asset;
    vm.expectRevert(ILendingPool.SameToken.selector);
    Built.lendingPool("", "", p);
    _outOfRange("minPrice", 0, 1, 100_000e8, 0);
    _outOfRange("maxPrice", 2 ** 128, 1e8, 2 ** 128 - 1, 1);
    _outOfRange("maxAge", 0, 1, 7 days, 2);
    _outOfRange("maxAge", 7 days + 1, 1, 7 days, 3);
    _outOfRange("grace", 30 days + 1, 0, 30 days, 4);
    _outOfRange("kink", 1e18, 1, 1e18 - 1, 5);
    _outOfRange("kink", 0, 1, 1e18 - 1, 6);
    _outOfRange("base", 10e18 + 1, 0, 10e18, 7);
    _outOfRange("slope", 10e18, 0, 9.99e18, 8);
    _outOfRange("steep", 10e18, 0, 9.95e18, 9);
    _outOfRange("minDebt", 0, 1, 2 ** 128 - 1, 10);
  }

  function _outOfRange(bytes32 name, uint256 value, uint256 min, uint256 max, uint256 which) private {
    ILendingPool.Policy memory p = defaultPolicy();
    if (which == 0) p.minPrice = value;
    if (which == 1) p.maxPrice = value;
    // forge-lint: disable-next-line(unsafe-typecast)
    if (which == 2 || which == 3) p.maxAge = uint32(value);
    // forge-lint: disable-next-line(unsafe-typecast)
    if (which == 4) p.grace = uint32(value);
    if (which == 5 || which == 6) p.kink = value;
    if (which == 7) p.base = value;
    if (which == 8) p.slope = value;
    if (which == 9) p.steep = value;
    if (which == 10) p.minDebt = value;
    vm.expectRevert(abi.encodeWithSelector(ILendingPool.ParameterOutOfRange.selector, name, value, min, max));
    Built.lendingPool("", "", p);
  }

  function test_policy_isThatOfItsBirth() public view {
    assertEq(keccak256(abi.encode(pool.policy())), keccak256(abi.encode(defaultPolicy())));
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IIssuers } from "../../src/credit/interfaces/IIssuers.sol";
import { IModels } from "../../src/credit/interfaces/IModels.sol";
import { Built } from "../Built.sol";
import { LendingTest } from "./LendingTest.sol";

/// @title What credit costs, as whole transactions, with the real verifier
/// forge-config: default.isolate = true
/// forge-config: ci.isolate = true
/// forge-config: long.isolate = true
contract CreditGasTest is LendingTest {
  function setUp() public override {
    Built.requireOptimisedAssets();
    super.setUp();
  }

  function test_gas_credit() public {
    vm.prank(curator);
    issuers.add(set, IIssuers.Key(DOUBLE_X, DOUBLE_Y));
    vm.snapshotGasLastCall("Credit", "add");
    vm.prank(curator);
    issuers.remove(set, 1);
    vm.snapshotGasLastCall("Credit", "remove");
    issuers.revoke(123);
    vm.snapshotGasLastCall("Credit", "revoke");
    show(alice, 2);
    vm.snapshotGasLastCall("Credit", "show");
    show(bob, 2);
    vm.warp(credentials.periodEnd() + 1);
    setPrice(PRICE);
    show(alice, 2);
    vm.snapshotGasLastCall("Credit", "show: in the place of another");

    lend(1000 * UNIT);
    vm.snapshotGasLastCall("Credit", "deposit");
    secure(alice, 0.575e18);
    vm.snapshotGasLastCall("Credit", "addCollateral");
    borrow(alice, 900 * UNIT);
    vm.snapshotGasLastCall("Credit", "borrow");
    pass(1 hours);
    give(asset, alice, 100 * UNIT);
    vm.prank(alice);
    pool.repay(alice, 100 * UNIT);
    vm.snapshotGasLastCall("Credit", "repay");
    setPrice(1500e8);
    liquidate(alice, 500 * UNIT);
    vm.snapshotGasLastCall("Credit", "liquidate");
  }

  /// @dev Of three validators, two of whom signed; their stake is noted by then.
  function test_gas_accept() public {
    IModels.ScoreModel memory m = modelRecord();
    m.digest = 4711;
    acceptModel(m);
    vm.snapshotGasLastCall("Credit", "accept: 2 signers");
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { ReentrancyGuard } from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import { Role } from "../src/interfaces/Types.sol";
import { FeeToken } from "./assets/FeeToken.sol";
import { ReentrantToken } from "./assets/ReentrantToken.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Stake: bonded, queued, pledged, slashed, never twice and never lost
contract StakeVaultTest is FederationTest {
  address private constant ALICE = address(0xA11CE);
  address private constant BOB = address(0xB0B);

  function testFuzz_bond_takesExactlyTheAmount(uint128 amount) public {
    amount = uint128(bound(amount, 1, type(uint96).max));
    fund(ALICE, amount);
    vm.expectEmit(address(vault));
    emit IStakeVault.Bonded(ALICE, amount);
    vm.prank(ALICE);
    vault.bond(ALICE, amount);
    assertEq(vault.stakeOf(ALICE).bonded, amount);
    assertEq(vault.freeOf(ALICE), amount);
    assertEq(token.balanceOf(ALICE), 0);
  }

  function test_bond_ofNothingReverts() public {
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vm.prank(ALICE);
    vault.bond(ALICE, 0);
  }

  function test_bond_refusesFeeOnTransferTokens() public {
    deployAround(new FeeToken(), registry, address(0));
    fund(ALICE, 100);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.TransferInexact.selector, 100, 99));
    vm.prank(ALICE);
    vault.bond(ALICE, 100);
  }

  function test_queue_startsTheWaitAnew() public {
    bond(ALICE, 100);
    vm.prank(ALICE);
    vault.queue(ALICE, 60);
    skip(QUEUE_DELAY - 1);
    vm.expectEmit(address(vault));
    emit IStakeVault.Queued(ALICE, 40, block.timestamp + QUEUE_DELAY);
    vm.prank(ALICE);
    vault.queue(ALICE, 40);
    skip(1);
    vm.expectRevert(
      abi.encodeWithSelector(IStakeVault.QueueNotDue.selector, block.timestamp + QUEUE_DELAY - 1)
    );
    vm.prank(ALICE);
    vault.withdraw(ALICE);
    skip(QUEUE_DELAY - 1);
    vm.prank(ALICE);
    assertEq(vault.withdraw(ALICE), 100);
    assertEq(token.balanceOf(ALICE), 100);
  }

  function test_queue_ofMoreThanIsBondedReverts() public {
    bond(ALICE, 100);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakeTooSmall.selector, ALICE, 100, 101));
    vm.prank(ALICE);
    vault.queue(ALICE, 101);
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vm.prank(ALICE);
    vault.queue(ALICE, 0);
  }

  function test_requeue_takesBackFromTheQueue() public {
    bond(ALICE, 100);
    vm.startPrank(ALICE);
    vault.queue(ALICE, 60);
    vm.expectEmit(address(vault));
    emit IStakeVault.Requeued(ALICE, 20);
    vault.requeue(ALICE, 20);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakeTooSmall.selector, ALICE, 40, 41));
    vault.requeue(ALICE, 41);
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vault.requeue(ALICE, 0);
    vm.stopPrank();
    assertEq(vault.stakeOf(ALICE).bonded, 60);
  }

  function test_withdraw_ofNothingReverts() public {
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vm.prank(ALICE);
    vault.withdraw(ALICE);
  }

  /// @dev The escape: queue everything when trouble shows, and wait. Pledged stake does not leave.
  function test_withdraw_leavesWhatIsPledged() public {
    start(2, 2);
    vm.startPrank(trainers[0]);
    vault.queue(trainers[0], STAKE);
    skip(QUEUE_DELAY);
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakePledged.selector, trainers[0], STAKE));
    vault.withdraw(trainers[0]);
    vm.stopPrank();
    bond(trainers[0], 300);
    vm.prank(trainers[0]);
    assertEq(vault.withdraw(trainers[0]), 300);
  }

  /// @dev What is queued pays when the bond does not suffice.
  function test_slash_reachesTheQueue() public {
    start(2, 2);
    vm.prank(trainers[0]);
    vault.queue(trainers[0], STAKE - 4 ether);
    toSubmit();
    submit(validators[0]);
    submit(validators[1]);
    expire();
    vm.expectEmit(address(vault));
    emit IStakeVault.Slashed(task, trainers[0], 10 ether, keeper, 1 ether);
    advance();
    IStakeVault.Stake memory stake = vault.stakeOf(trainers[0]);
    assertEq(stake.bonded, 0);
    assertEq(stake.queued, STAKE - 10 ether);
    assertEq(stake.pledged, STAKE - 10 ether);
    assertEq(vault.creditOf(keeper), 2 ether); // two trainers were silent
    assertEq(vault.burnt(), 18 ether);
  }

  /// @dev What is held burns with the pledge, out of the queue where the bond does not suffice, and never more than is there.
  function test_release_burnsWhatIsHeld() public {
    start(2, 2);
    vm.prank(trainers[0]);
    vault.queue(trainers[0], STAKE - 4 ether);
    vm.startPrank(address(marketplace));
    vm.expectEmit(address(vault));
    emit IStakeVault.HeldBurnt(task, trainers[0], 10 ether);
    assertEq(vault.release(task, trainers[0], 10 ether), STAKE - 10 ether);
    IStakeVault.Stake memory stake = vault.stakeOf(trainers[0]);
    assertEq(stake.bonded, 0);
    assertEq(stake.queued, STAKE - 10 ether);
    assertEq(stake.pledged, 0);
    assertEq(vault.release(task, trainers[1], STAKE + 1), 0);
    vm.stopPrank();
    assertEq(vault.burnt(), STAKE + 10 ether);
    assertEq(token.balanceOf(address(vault)) - vault.potOf(task), 4 * STAKE + STAKE); // all of it stays
  }

  /// @dev The same stake in two tasks.
  function test_pledge_neverTwice() public {
    post();
    join(trainerAt(0), Role.Trainer, STAKE);
    post();
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakeTooSmall.selector, trainerAt(0), 0, STAKE));
    vm.prank(trainerAt(0));
    marketplace.join(task, Role.Trainer, 1, STAKE, terms, new bytes32[](0), 0);
    // Nor queued stake.
    bond(trainerAt(0), STAKE);
    vm.startPrank(trainerAt(0));
    vault.queue(trainerAt(0), 1);
    vm.expectRevert(
      abi.encodeWithSelector(IStakeVault.StakeTooSmall.selector, trainerAt(0), STAKE - 1, STAKE)
    );
    marketplace.join(task, Role.Trainer, 1, STAKE, terms, new bytes32[](0), 0);
    vm.stopPrank();
  }

  function test_claim_ofNothingReverts() public {
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vm.prank(ALICE);
    vault.claim(ALICE);
  }

  function test_claim_paysOnce() public {
    start(2, 2);
    runRound();
    uint256 credit = vault.creditOf(trainers[0]);
    assertEq(credit, 50 ether);
    vm.expectEmit(address(vault));
    emit IStakeVault.Claimed(trainers[0], credit);
    vm.prank(trainers[0]);
    vault.claim(trainers[0]);
    assertEq(token.balanceOf(trainers[0]), credit);
    vm.expectRevert(IStakeVault.ZeroAmount.selector);
    vm.prank(trainers[0]);
    vault.claim(trainers[0]);
  }

  function testFuzz_contracts_onlyEachOther(address caller) public {
    vm.assume(caller != address(marketplace) && caller != address(rounds));
    vm.assume(caller != address(settlement) && caller != address(validation));
    bytes memory refusal = abi.encodeWithSelector(IStakeVault.NotAllowed.selector, caller);
    vm.startPrank(caller);
    vm.expectRevert(refusal);
    vault.fund(1, BOB, 1);
    vm.expectRevert(refusal);
    vault.pledge(1, BOB, 1);
    vm.expectRevert(refusal);
    vault.release(1, BOB, 0);
    vm.expectRevert(refusal);
    vault.slash(1, BOB, 1, caller, 0);
    vm.expectRevert(refusal);
    vault.slashFree(1, BOB, 1);
    vm.expectRevert(refusal);
    vault.pay(1, caller, 1);
    vm.stopPrank();
  }

  function test_pay_neverMoreThanThePotHolds() public {
    post();
    uint256 pot = vault.potOf(task);
    vm.prank(address(rounds));
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.PotTooSmall.selector, task, pot, pot + 1));
    vault.pay(task, BOB, pot + 1);
  }

  /// @dev A token with hooks calls back in the middle of each transfer: the guard refuses, and nothing doubles.
  function test_reentrantToken_findsTheGuard() public {
    ReentrantToken hooked = new ReentrantToken();
    deployAround(hooked, registry, address(0));
    bytes[] memory calls = new bytes[](4);
    calls[0] = abi.encodeCall(vault.claim, (ALICE));
    calls[1] = abi.encodeCall(vault.withdraw, (ALICE));
    calls[2] = abi.encodeCall(vault.bond, (ALICE, 1));
    calls[3] = abi.encodeCall(vault.queue, (ALICE, 1));
    for (uint256 i; i < calls.length; ++i) {
      fund(ALICE, 100);
      hooked.arm(address(vault), calls[i]);
      vm.prank(ALICE);
      vault.bond(ALICE, 100);
      assertFalse(hooked.succeeded());
      assertEq(bytes4(hooked.answer()), ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
    }
    vm.prank(ALICE);
    vault.queue(ALICE, 400);
    skip(QUEUE_DELAY);
    hooked.arm(address(vault), calls[1]);
    vm.prank(ALICE);
    assertEq(vault.withdraw(ALICE), 400);
    assertFalse(hooked.succeeded());
    assertEq(hooked.balanceOf(ALICE), 400);
  }
}

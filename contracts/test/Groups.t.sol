// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Vm } from "forge-std/Vm.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { Outcome, Phase, Standing, SumChunk, TaskParameters } from "../src/interfaces/Types.sol";
import { Groups } from "../src/libraries/Groups.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Groups: who is in which, whose probes are opened, and what one group can spoil
contract GroupsTest is FederationTest {
  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.rounds, p.maxValidators) = (6, 6);
  }

  function setUp() public override {
    super.setUp();
    start(3, 6);
  }

  function _sum(uint256 i) private view returns (uint256) {
    return rounds.seatOf(task, validators[i]).sum;
  }

  function _outcome(uint256 number) private view returns (uint256) {
    return uint256(rounds.lineageOf(task, number).outcome);
  }

  /// @dev Validators in each of the sums 1 to 7.
  function _sizes() private view returns (uint256[8] memory sizes) {
    for (uint256 i; i < validators.length; ++i) {
      if (rounds.seatOf(task, validators[i]).standing != Standing.Ejected) ++sizes[_sum(i)];
    }
  }

  /// @dev All submit but for the validators of which `left` has the bit.
  function _submitBut(uint256 left) private {
    toSubmit();
    for (uint256 i; i < 3; ++i) {
      submit(trainers[i]);
    }
    for (uint256 i; i < 6; ++i) {
      if ((left >> i) & 1 == 0) submit(validators[i]);
    }
    expire();
    closeSubmit();
  }

  // ---- the draw

  /// @dev Groups of two or three, whatever the draw, and everybody in one.
  function testFuzz_draw_fillsTheGroupsEvenly(bytes32 seed, uint256 count) public {
    count = bound(count, 2, 6);
    vm.prevrandao(seed);
    start(2, count);
    uint256 groups = Groups.count(count);
    assertEq(rounds.stageOf(task).groups, groups);
    uint256[8] memory sizes = _sizes();
    uint256 seated;
    for (uint256 sum = 1; sum <= groups; ++sum) {
      assertTrue(sizes[sum] == count / groups || sizes[sum] == count / groups + 1);
      assertGe(sizes[sum], 2);
      seated += sizes[sum];
    }
    assertEq(seated, count);
    assertEq(rounds.seatOf(task, trainers[0]).sum, 0);
  }

  /// @dev Over 200 seeds each pair of six is together about as often: a fifth of the time.
  function test_draw_isUniform() public pure {
    uint256[15] memory together;
    for (uint256 seed; seed < 1000; ++seed) {
      address[] memory order = new address[](6);
      for (uint160 i; i < 6; ++i) {
        order[i] = address(i);
      }
      Groups.shuffle(order, keccak256(abi.encode(seed)));
      for (uint256 group; group < 3; ++group) {
        (uint160 a, uint160 b) = (uint160(order[group]), uint160(order[group + 3]));
        if (a > b) (a, b) = (b, a);
        ++together[a * (11 - a) / 2 + b - a - 1];
      }
    }
    for (uint256 pair; pair < 15; ++pair) {
      assertApproxEqAbs(together[pair], 200, 50);
    }
  }

  /// @dev The draw that is announced is the draw that holds, and follows from the block's randomness and the task's keys.
  function test_draw_isAnnounced() public {
    vm.prevrandao(bytes32(uint256(5)));
    vm.recordLogs();
    start(2, 6);
    Vm.Log[] memory logs = vm.getRecordedLogs();
    for (uint256 i; i < logs.length; ++i) {
      if (logs[i].topics[0] != IRounds.GroupsDrawn.selector) continue;
      (uint256 groups, address[] memory order) = abi.decode(logs[i].data, (uint256, address[]));
      assertEq(groups, 3);
      (, address[] memory drawn) = rounds.committeeOf(task);
      assertNotEq(drawn, order);
      Groups.shuffle(drawn, keccak256(abi.encode(uint256(5), rounds.lineageOf(task, 1).basis)));
      assertEq(drawn, order);
      for (uint256 k; k < 6; ++k) {
        assertEq(rounds.seatOf(task, order[k]).sum, 1 + k % 3);
      }
      return;
    }
    fail();
  }

  /// @dev The attack: with groups drawn anew each round, differences of opened sums give single probes away.
  function test_draw_staysWhileTheSeatsDo() public {
    uint256[6] memory before;
    for (uint256 i; i < 6; ++i) {
      before[i] = _sum(i);
    }
    for (uint256 turn; turn < 3; ++turn) {
      vm.prevrandao(keccak256(abi.encode(turn)));
      if (turn == 1) {
        vm.startPrank(address(disputes));
        rounds.suspend(task, validators[0]);
        rounds.reinstate(task, validators[0]);
        vm.stopPrank();
      }
      runRound();
      for (uint256 i; i < 6; ++i) {
        assertEq(_sum(i), before[i]);
      }
    }
  }

  /// @dev A seat that ends leaves a group of one, whose probe would never be opened: the next round draws anew, not this one.
  function test_draw_isRepeatedWhenAValidatorsSeatEnds() public {
    toSubmit();
    submit(validators[1]);
    uint256 before = _sum(1);
    vm.prank(address(disputes));
    rounds.eject(task, validators[0]);
    assertEq(_sum(1), before);
    assertEq(rounds.stageOf(task).groups, 3);
    expire();
    advance();
    assertEq(round(), 2);
    assertEq(rounds.stageOf(task).groups, 2);
    uint256[8] memory sizes = _sizes();
    assertEq(sizes[1] + sizes[2], 5);
    assertTrue(sizes[1] == 2 || sizes[2] == 2);
    vm.prank(address(disputes));
    rounds.eject(task, trainers[0]); // a trainer's changes nothing
    assertFalse(rounds.stageOf(task).regroup);
  }

  // ---- which sums are opened

  /// @dev The attack: be alone in a group by keeping one's partner away, and read its probe out of the sum.
  function test_submitAggregate_neverOfOneProbe() public {
    _submitBut(1);
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
    uint256 alone = _sum(0);
    SumChunk[] memory sum = makeSum(prover, alone);
    vm.expectRevert(abi.encodeWithSelector(IRounds.SumNotDue.selector, task, 1, alone));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, alone, basis, sum);
    vm.expectRevert(abi.encodeWithSelector(IRounds.SumNotDue.selector, task, 1, 7));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, 7, basis, sum);
    vm.expectRevert(abi.encodeWithSelector(IRounds.SumNotDue.selector, task, 1, 256));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, 256, basis, sum);
    // The others are enough.
    aggregateAll();
    advance();
    assertEq(uint256(phase()), uint256(Phase.Commit));
  }

  function test_advance_withoutAnyGroupOfTwoTheRoundIsVoid() public {
    uint256 left;
    for (uint256 sum = 1; sum <= 3; ++sum) {
      for (uint256 i; i < 6; ++i) {
        if (_sum(i) != sum) continue;
        // forge-lint: disable-next-line(incorrect-shift)
        left |= 1 << i;
        break;
      }
    }
    _submitBut(left);
    assertEq(_outcome(1), uint256(Outcome.Void));
  }

  /// @dev A probe enters its group's sum alone.
  function test_submitProbe_entersItsGroupsSum() public {
    toAggregate();
    IRounds.Stage memory stage = rounds.stageOf(task);
    assertEq(stage.sumsDue, 15);
    assertEq(stage.sumsBegun, 15);
    for (uint256 sum; sum < 4; ++sum) {
      assertEq(rounds.sumOf(task, sum, 0).x, trapdoor.commit(sumSecret(sum, 0)).x);
    }
  }

  /// @dev The masks are the round's own.
  function test_sums_beginAnewEachRound() public {
    runRound();
    IRounds.Stage memory stage = rounds.stageOf(task);
    assertEq(stage.sumsBegun, 0);
    assertEq(stage.sumsDue, 0);
    assertEq(stage.sumsProven, 0);
    _submitBut(1);
    assertEq(rounds.sumOf(task, 0, 0).x, trapdoor.commit(sumSecret(0, 0)).x);
  }

  // ---- what one group can spoil

  /// @dev The attack: a validator whose ciphertext does not hold its probe. Its group's sum never opens, and every round
  /// would be void for it. It costs its group the say, no more.
  function test_advance_oneGroupThatDoesNotOpenSpoilsOnlyItsSay() public {
    toAggregate();
    for (uint256 sum; sum < 3; ++sum) {
      aggregate(sum);
    }
    vm.expectRevert(
      abi.encodeWithSelector(IRounds.PhaseNotOver.selector, task, rounds.stageOf(task).deadline)
    );
    advance();
    expire();
    advance();
    voteAll(8000, 7900);
    for (uint256 i; i < 3; ++i) {
      // The third group's figure says nothing, and counts for nothing.
      alignWord(trainers[i], wordOf([int256(30), 30, -127, 0, 0, 0, 0], BUCKET));
    }
    advance();
    assertEq(_outcome(1), uint256(Outcome.Accepted));
    assertEq(settlement.alignmentOf(task, trainers[0]).credit, 20);
  }

  /// @dev The attack: keep the other groups' sums closed, and decide alone.
  function test_advance_fewerThanMostGroupsAreNone() public {
    toAggregate();
    aggregate(UPDATES);
    aggregate(2);
    expire();
    advance();
    assertEq(_outcome(1), uint256(Outcome.Void));
  }

  /// @dev Likewise of two that owe a sum, where the third group has one probe alone: half of them are not most.
  function test_advance_halfOfTheGroupsAreNone() public {
    uint256 alone;
    while (_sum(alone) != 1) ++alone;
    // forge-lint: disable-next-line(incorrect-shift)
    _submitBut(1 << alone);
    aggregate(UPDATES);
    aggregate(2);
    expire();
    advance();
    assertEq(_outcome(1), uint256(Outcome.Void));
  }

  function test_advance_withoutTheUpdatesSumTheRoundIsVoid() public {
    toAggregate();
    for (uint256 sum = 1; sum < 4; ++sum) {
      aggregate(sum);
    }
    expire();
    advance();
    assertEq(_outcome(1), uint256(Outcome.Void));
  }

  /// @dev Each sum is paid for, and the escrow holds it.
  function test_submitAggregate_paysForEachSum() public {
    uint256 before = vault.potOf(task);
    toCommit();
    assertEq(vault.creditOf(prover), 4 * 5 ether);
    assertEq(vault.potOf(task), before - 4 * 5 ether);
    uint256 aRound = 100 ether + 6 * 3 ether + 4 * 5 ether;
    assertEq(marketplace.escrow(defaultParameters(), defaultEconomics()), 6 * aRound);
  }
}

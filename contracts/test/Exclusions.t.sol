// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IExclusions } from "../src/interfaces/IExclusions.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { Fault, Outcome, Phase, Role, Standing, TaskParameters } from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Exclusions: content that is missing or false is taken out before anything is opened
contract ExclusionsTest is FederationTest {
  uint128 private constant LOST = 50 ether;

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.chunks, p.maxValidators) = (2, 6);
  }

  function setUp() public override {
    super.setUp();
    start(4, 6);
    toInspect();
  }

  /// @dev Four of six: the vote of the fourth excludes.
  function _exclude(address account) private {
    uint256 left = 4;
    for (uint256 i; left > 0; ++i) {
      if (validators[i] == account) continue;
      assertEq(voteToExclude(validators[i], account), --left == 0);
    }
  }

  function _expectUnharmedBut(address culprit) private view {
    for (uint256 i; i < trainers.length; ++i) {
      assertEq(vault.pledgeOf(task, trainers[i]), trainers[i] == culprit ? STAKE - LOST : STAKE);
    }
    for (uint256 i; i < validators.length; ++i) {
      assertEq(vault.pledgeOf(task, validators[i]), validators[i] == culprit ? STAKE - LOST : STAKE);
    }
  }

  /// @dev The attack: a seat sends proofs that hold and shows its ciphertext to nobody, or one that is none. Without the
  /// exclusion the sum never opens, the round is void, and it costs nobody anything.
  function test_exclude_theRoundClosesWithoutTheCulprit() public {
    uint256 burnt = vault.burnt();
    for (uint256 i; i < 3; ++i) {
      assertFalse(voteToExclude(validators[i], trainers[1]));
    }
    vm.expectEmit(address(rounds));
    emit IRounds.Excluded(task, 1, trainers[1], UPDATES);
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, trainers[1], Fault.Excluded, LOST);
    assertTrue(voteToExclude(validators[3], trainers[1]));
    assertEq(vault.burnt() - burnt, LOST); // nobody gains by it
    IRounds.Stage memory stage = rounds.stageOf(task);
    assertEq(stage.acceptedUpdates, 3);
    assertEq(stage.weight, 3);
    assertEq(uint256(rounds.seatOf(task, trainers[1]).standing), uint256(Standing.Good));
    closeInspect();
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
    aggregateAll(); // of the running sums without it, which the contract has to keep, or no proof of them holds
    advance();
    voteAll(8000, 7900);
    for (uint256 i; i < 4; ++i) {
      if (i != 1) align(trainers[i], 30);
    }
    advance();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Accepted));
    assertEq(rounds.lineageOf(task, 1).weight, 3);
    assertEq(vault.creditOf(trainers[1]), 0);
    assertGt(vault.creditOf(trainers[0]), 0);
    _expectUnharmedBut(trainers[1]);
  }

  /// @dev The sum that is left is the weighted sum of the others' commitments, chunk by chunk.
  function test_exclude_takesItsCommitmentsOutOfTheSum() public {
    _exclude(trainers[1]);
    for (uint256 chunk; chunk < 2; ++chunk) {
      Bn254.G1 memory expected = trapdoor.commit(sumSecret(UPDATES, chunk));
      Bn254.G1 memory kept = rounds.sumOf(task, UPDATES, chunk);
      assertEq(keccak256(abi.encode(kept)), keccak256(abi.encode(expected)));
    }
  }

  /// @dev Of a group of two one is left, whose probe must not be opened; the other groups judge the round.
  function test_exclude_aProbe() public {
    address culprit = validators[0];
    uint256 sum = rounds.seatOf(task, culprit).sum;
    assertTrue(isDue(sum));
    _exclude(culprit);
    assertFalse(isDue(sum));
    assertEq(rounds.stageOf(task).acceptedProbes, 5);
    closeInspect();
    aggregateAll();
    advance();
    assertEq(uint256(phase()), uint256(Phase.Commit));
    voteAll(8000, 7900);
    assertEq(vault.creditOf(culprit), 0); // its fee was for a probe, too
    assertGt(vault.creditOf(validators[1]), 0);
    _expectUnharmedBut(culprit);
  }

  function test_exclude_bothOfAGroup() public {
    address second;
    uint256 sum = rounds.seatOf(task, validators[0]).sum;
    for (uint256 i = 1; i < 6; ++i) {
      if (rounds.seatOf(task, validators[i]).sum == sum) second = validators[i];
    }
    _exclude(validators[0]);
    _exclude(second);
    assertTrue(Bn254.isInfinity(rounds.sumOf(task, sum, 0)));
    closeInspect();
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
    assertFalse(isDue(sum));
  }

  /// @dev As if they had not submitted: fewer than `minTrainers` are no sum that hides each.
  function test_exclude_tooMany() public {
    for (uint256 i; i < 3; ++i) {
      _exclude(trainers[i]);
    }
    closeInspect();
    assertEq(uint256(rounds.lineageOf(task, 1).outcome), uint256(Outcome.Void));
    assertEq(vault.pledgeOf(task, trainers[3]), STAKE);
  }

  function test_exclude_belowTheFloorEndsTheSeat() public {
    for (uint256 turn; turn < 2; ++turn) {
      vm.prank(address(disputes));
      rounds.penalise(task, trainers[1], Fault.Disputed, 430 ether, address(0));
    }
    _exclude(trainers[1]);
    assertEq(uint256(rounds.seatOf(task, trainers[1]).standing), uint256(Standing.Ejected));
  }

  /// @dev The attack that exclusion must not open: a sum with a member, then the same without it. Shares are given from
  /// Aggregate on, and there nobody is excluded, however many vote.
  function test_exclude_neverOnceSharesMayExist() public {
    for (uint256 i; i < 3; ++i) {
      voteToExclude(validators[i], trainers[1]);
    }
    closeInspect();
    bytes memory late = abi.encodeWithSelector(IExclusions.NotInspecting.selector, task, 1, validators[3]);
    Bn254.G1[] memory commitments = commitmentsOf(trainers[1]);
    vm.prank(validators[3]);
    vm.expectRevert(late);
    exclusions.voteToExclude(task, 1, trainers[1], commitments);
    vm.prank(address(exclusions));
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongPhase.selector, task, Phase.Aggregate));
    rounds.exclude(task, 1, trainers[1], commitments);
  }

  /// @dev Nor between the deadline and the call that moves the phase on, nor with votes of an earlier round.
  function test_exclude_neverAfterTheDeadline() public {
    for (uint256 i; i < 3; ++i) {
      voteToExclude(validators[i], trainers[1]);
    }
    Bn254.G1[] memory commitments = commitmentsOf(trainers[1]);
    vm.warp(rounds.stageOf(task).deadline + 1);
    vm.prank(validators[3]);
    vm.expectRevert(abi.encodeWithSelector(IExclusions.NotInspecting.selector, task, 1, validators[3]));
    exclusions.voteToExclude(task, 1, trainers[1], commitments);
    advance(); // nobody said that it looked, so nobody is held to have missed that
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
    _expectUnharmedBut(address(0));
    expire();
    advance();
    toInspect();
    assertEq(exclusions.votesAgainst(task, round(), trainers[1]), 0);
    assertFalse(voteToExclude(validators[3], trainers[1]));
  }

  /// @dev Half of the stake is no majority, and the accused and the suspended count in the whole.
  function test_exclude_halfIsNotEnough() public {
    vm.startPrank(address(disputes));
    rounds.suspend(task, validators[4]);
    rounds.suspend(task, validators[5]);
    vm.stopPrank();
    for (uint256 i; i < 3; ++i) {
      assertFalse(voteToExclude(validators[i], trainers[1]));
    }
    assertEq(rounds.stageOf(task).acceptedUpdates, 4);
    vm.prank(address(disputes));
    rounds.eject(task, validators[5]); // of those that are left it is most
    assertTrue(voteToExclude(validators[3], trainers[1]));
  }

  function test_vote_refusals() public {
    Bn254.G1[] memory commitments = commitmentsOf(trainers[1]);
    _expectRefused(trainers[0], trainers[1], commitments, IExclusions.NotInspecting.selector);
    _expectRefused(stranger, trainers[1], commitments, IExclusions.NotInspecting.selector);
    _expectRefused(
      validators[0], validators[0], commitmentsOf(validators[0]), IExclusions.NotInspecting.selector
    );
    inspect(validators[0]); // its last word
    _expectRefused(validators[0], trainers[1], commitments, IExclusions.NotInspecting.selector);
    voteToExclude(validators[1], trainers[1]);
    _expectRefused(validators[1], trainers[1], commitments, IExclusions.AlreadyVoted.selector);
    _expectRefused(validators[1], stranger, commitments, IExclusions.NotAccepted.selector);
    _exclude2(trainers[1]);
    _expectRefused(validators[5], trainers[1], commitments, IExclusions.NotAccepted.selector); // once only
    assertEq(vault.pledgeOf(task, trainers[1]), STAKE - LOST);
  }

  function _exclude2(address account) private {
    for (uint256 i = 2; i < 5; ++i) {
      voteToExclude(validators[i], account);
    }
  }

  /// @dev The attack: another commitment taken out would leave a sum that the chooser can open to what it likes.
  function test_vote_onOtherCommitments() public {
    Bn254.G1[] memory others = commitmentsOf(trainers[2]);
    _expectRefused(validators[0], trainers[1], others, IExclusions.CommitmentsDiffer.selector);
    Bn254.G1[] memory one = new Bn254.G1[](1);
    one[0] = commitmentsOf(trainers[1])[0];
    _expectRefused(validators[0], trainers[1], one, IExclusions.CommitmentsDiffer.selector);
  }

  function _expectRefused(address sender, address account, Bn254.G1[] memory commitments, bytes4 selector)
    private
  {
    vm.prank(sender);
    vm.expectPartialRevert(selector);
    exclusions.voteToExclude(task, 1, account, commitments);
  }

  function test_exclude_isForTheExclusionsAlone() public {
    Bn254.G1[] memory totals = new Bn254.G1[](2);
    vm.prank(address(disputes));
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotAllowed.selector, address(disputes)));
    rounds.exclude(task, 1, trainers[1], totals);
  }

  // ---- inspect

  function test_inspect_endsThePhaseWhenAllDid() public {
    for (uint256 i; i < 6; ++i) {
      vm.expectRevert(
        abi.encodeWithSelector(IRounds.PhaseNotOver.selector, task, rounds.stageOf(task).deadline)
      );
      advance();
      vm.expectEmit(address(rounds));
      emit IRounds.Inspected(task, 1, validators[i]);
      inspect(validators[i]);
    }
    vm.prank(validators[0]);
    vm.expectRevert(abi.encodeWithSelector(IRounds.AlreadyDone.selector, task, 1, validators[0]));
    rounds.inspect(task, 1);
    vm.prank(trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotMember.selector, task, trainers[0], Role.Validator));
    rounds.inspect(task, 1);
    advance();
    assertEq(uint256(phase()), uint256(Phase.Aggregate));
  }

  /// @dev Silence is held against a validator only where most of the stake could look.
  function test_inspect_silence() public {
    for (uint256 i; i < 3; ++i) {
      inspect(validators[i]);
    }
    uint256 half = vm.snapshotState();
    expire();
    advance();
    _expectUnharmedBut(address(0));
    vm.revertToState(half);
    inspect(validators[3]);
    expire();
    advance();
    for (uint256 i; i < 6; ++i) {
      assertEq(vault.pledgeOf(task, validators[i]), i < 4 ? STAKE : STAKE - 10 ether);
    }
  }
}

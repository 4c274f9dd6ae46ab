// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../src/interfaces/IRounds.sol";
import { IStakeVault } from "../src/interfaces/IStakeVault.sol";
import {
  Chunk,
  Economics,
  Fault,
  Outcome,
  Phase,
  Role,
  Selector,
  Standing,
  SumChunk,
  TaskParameters,
  TaskStatus
} from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title The state machine: who may do what, when, and what happens when nobody does
contract RoundsTest is FederationTest {
  Selector private _selector;
  uint16 private _chunks = 1;

  function setUp() public override {
    super.setUp();
    start(3, 2);
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.selector, p.chunks) = (_selector, _chunks);
  }

  function _expectPhase(Phase expected, uint256 number) private view {
    assertEq(uint256(phase()), uint256(expected));
    assertEq(round(), number);
  }

  function _expectOutcome(uint256 number, Outcome expected) private view {
    assertEq(uint256(rounds.lineageOf(task, number).outcome), uint256(expected));
  }

  // ---- support

  function test_propose_probeTakesOneOfEachValidator() public {
    bytes32 digest = keccak256("support");
    vm.expectEmit(address(rounds));
    emit IRounds.SupportProposed(task, 1, validators[0], digest);
    vm.prank(validators[0]);
    rounds.propose(task, 1, digest);
    bytes32 opened =
      keccak256(abi.encode(keccak256("collective key"), keccak256("model 0"), uint256(2 ** 40)));
    assertEq(rounds.lineageOf(task, 1).basis, keccak256(abi.encode(opened, validators[0], digest)));
    vm.expectRevert(abi.encodeWithSelector(IRounds.AlreadyDone.selector, task, 1, validators[0]));
    vm.prank(validators[0]);
    rounds.propose(task, 1, digest);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotMember.selector, task, trainers[0], Role.Validator));
    vm.prank(trainers[0]);
    rounds.propose(task, 1, digest);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongRound.selector, task, 2, 1));
    vm.prank(validators[1]);
    rounds.propose(task, 2, digest);
    vm.expectRevert(
      abi.encodeWithSelector(IRounds.PhaseNotOver.selector, task, rounds.stageOf(task).deadline)
    );
    advance();
  }

  function test_propose_leaderTakesOneOfTheTrainerWhoseTurnItIs() public {
    _selector = Selector.Leader;
    start(3, 2);
    address leader = rounds.leaderOf(task);
    assertEq(leader, trainers[1]);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotLeader.selector, task, trainers[0], leader));
    vm.prank(trainers[0]);
    rounds.propose(task, 1, 0);
    propose(leader);
    advance();
    _expectPhase(Phase.Submit, 1);
    expire();
    advance(); // void: the turn passes on
    assertEq(rounds.leaderOf(task), trainers[2]);
  }

  function test_advance_aLateLeaderIsSlashedAndItsRoundVoid() public {
    _selector = Selector.Leader;
    start(3, 2);
    address leader = rounds.leaderOf(task);
    expire();
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, leader, Fault.NoShow, 10 ether);
    advance();
    assertEq(vault.pledgeOf(task, leader), STAKE - 10 ether);
    _expectOutcome(1, Outcome.Void);
  }

  function test_advance_supportGoesOnWithoutTheSilent() public {
    start(3, 3);
    propose(validators[0]);
    propose(validators[2]);
    expire();
    vm.expectEmit(address(rounds));
    emit IRounds.Penalised(task, 1, validators[1], Fault.NoShow, 10 ether);
    advance();
    _expectPhase(Phase.Submit, 1);
    assertEq(vault.pledgeOf(task, validators[0]), STAKE);
  }

  // ---- submit

  /// @dev Of one probe the opened sum is the probe. The other validator's proof fails, so its probe is not in the sum.
  function test_advance_oneAcceptedProbeIsNotOpened() public {
    toSubmit();
    for (uint256 i; i < trainers.length; ++i) {
      submit(trainers[i]);
    }
    submit(validators[0]);
    Chunk[] memory chunks = makeChunks(validators[1], 1);
    chunks[0].y ^= 1;
    vm.prank(validators[1]);
    assertFalse(rounds.submitProbe(task, 1, basis, chunks));
    advance();
    _expectOutcome(1, Outcome.Void);
    _expectPhase(Phase.Support, 2);
  }

  function test_submitUpdate_refusals() public {
    Chunk[] memory chunks = makeChunks(trainers[0], 1);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongPhase.selector, task, Phase.Support));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 1, basis, chunks);
    toSubmit();
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotMember.selector, task, stranger, Role.Trainer));
    vm.prank(stranger);
    rounds.submitUpdate(task, 1, basis, chunks);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotMember.selector, task, validators[0], Role.Trainer));
    vm.prank(validators[0]);
    rounds.submitUpdate(task, 1, basis, chunks);
    vm.expectRevert(abi.encodeWithSelector(IRounds.ChunkCount.selector, 2, 1));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 1, basis, new Chunk[](2));
    vm.expectRevert(abi.encodeWithSelector(IRounds.ChunkCount.selector, 0, 1));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 1, basis, new Chunk[](0));
    // A transaction of the last round that arrives late costs nothing: it reverts before any proof is looked at.
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongRound.selector, task, 0, 1));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 0, basis, chunks);
  }

  function test_submitUpdate_untilTheDeadlineInclusive() public {
    toSubmit();
    uint256 deadline = rounds.stageOf(task).deadline;
    vm.warp(deadline);
    assertTrue(submit(trainers[0]));
    vm.expectRevert(abi.encodeWithSelector(IRounds.PhaseNotOver.selector, task, deadline));
    advance();
    vm.warp(deadline + 1);
    Chunk[] memory chunks = makeChunks(trainers[1], 1);
    vm.expectRevert(abi.encodeWithSelector(IRounds.PhaseOver.selector, task, deadline));
    vm.prank(trainers[1]);
    rounds.submitUpdate(task, 1, basis, chunks);
    advance();
  }

  /// @dev Points off the curve, words of q or r and more: failed proofs, never a revert, never free.
  /// forge-config: default.fuzz.runs = 64
  /// forge-config: ci.fuzz.runs = 200
  function testFuzz_submitUpdate_malformedWordsAreSlashed(uint256 word, uint256 value) public {
    toSubmit();
    Chunk[] memory chunks = makeChunks(trainers[0], 1);
    bytes memory words = abi.encode(chunks[0]);
    word = word % (words.length / 32);
    value = bound(value, Bn254.Q, type(uint256).max);
    assembly ("memory-safe") {
      mstore(add(add(words, 32), mul(word, 32)), value)
    }
    chunks[0] = abi.decode(words, (Chunk));
    vm.prank(trainers[0]);
    assertFalse(rounds.submitUpdate(task, 1, basis, chunks));
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 50 ether);
    assertEq(rounds.stageOf(task).acceptedUpdates, 0);
  }

  function test_submitUpdate_ofManyChunksIsAcceptedAsAWhole() public {
    _chunks = 3;
    start(3, 2);
    toSubmit();
    Chunk[] memory chunks = makeChunks(trainers[0], 3);
    Chunk memory last = chunks[2];
    (chunks[2], chunks[1]) = (chunks[1], last); // chunks are bound to their places
    vm.prank(trainers[0]);
    assertFalse(rounds.submitUpdate(task, 1, basis, chunks));
    assertEq(rounds.stageOf(task).acceptedUpdates, 0);
    for (uint256 i = 1; i < 3; ++i) {
      assertTrue(submit(trainers[i]));
    }
    for (uint256 i; i < 2; ++i) {
      assertTrue(submit(validators[i]));
    }
    closeSubmit();
    aggregateAll();
    advance();
    voteAll(8000, 7900);
    for (uint256 i = 1; i < 3; ++i) {
      align(trainers[i], 30);
    }
    advance();
    _expectOutcome(1, Outcome.Accepted);
  }

  function test_advance_tooFewUpdatesMakeTheRoundVoid() public {
    toSubmit();
    submit(trainers[0]);
    submit(validators[0]);
    submit(validators[1]);
    expire();
    advance();
    // A sum of one update would be that update: it is never opened.
    _expectOutcome(1, Outcome.Void);
    _expectPhase(Phase.Support, 2);
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE);
    assertEq(vault.pledgeOf(task, trainers[1]), STAKE - 10 ether);
  }

  /// @dev A sum of one probe would be that probe: it is never opened.
  function test_advance_oneProbeMakesTheRoundVoid() public {
    toSubmit();
    for (uint256 i; i < 3; ++i) {
      submit(trainers[i]);
    }
    submit(validators[0]);
    expire();
    advance();
    _expectOutcome(1, Outcome.Void);
    assertEq(rounds.modelOf(task), keccak256("model 0"));
  }

  function test_submitUpdate_ejectsWhoseStakeIsSpent() public {
    toSubmit();
    // 1000 less 50 a failed proof, one a round, down to the floor of 100.
    for (uint256 i; i < 3; ++i) {
      Chunk[] memory chunks = makeChunks(trainers[0], 1);
      chunks[0].y ^= 1;
      uint256 number = round();
      vm.prank(trainers[0]);
      rounds.submitUpdate(task, number, basis, chunks);
      if (i == 2) break;
      expire();
      advance();
      toSubmit();
    }
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - 150 ether);
    vm.prank(address(disputes));
    vm.expectEmit(address(rounds));
    emit IRounds.StandingChanged(task, trainers[0], Standing.Ejected);
    rounds.penalise(task, trainers[0], Fault.Disputed, 751 ether, address(0));
    Chunk[] memory more = makeChunks(trainers[0], 1);
    vm.expectRevert(abi.encodeWithSelector(IRounds.NotMember.selector, task, trainers[0], Role.Trainer));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 3, basis, more);
    // Its stake is held for the appeal window.
    assertEq(marketplace.applicantOf(task, trainers[0]).releasableAt, block.timestamp + 2 days);
  }

  /// @dev The floor is what a member must have at least.
  function test_penalise_exactlyToTheFloorKeepsTheSeat() public {
    Economics memory e = defaultEconomics();
    (e.minStake, e.stakeFloor) = (STAKE, STAKE - e.noShow);
    post(defaultParameters(), e, defaultRules(), defaultDeadlines());
    startPosted(3, 2);
    toSubmit();
    submit(trainers[0]);
    submit(trainers[1]);
    submit(validators[0]);
    submit(validators[1]);
    expire();
    advance();
    assertEq(vault.pledgeOf(task, trainers[2]), e.stakeFloor);
    assertEq(uint256(rounds.seatOf(task, trainers[2]).standing), uint256(Standing.Good));
    vm.prank(address(disputes));
    rounds.penalise(task, trainers[2], Fault.Disputed, 1, address(0));
    assertEq(uint256(rounds.seatOf(task, trainers[2]).standing), uint256(Standing.Ejected));
  }

  // ---- aggregate

  function test_submitAggregate_refusals() public {
    toSubmit();
    submitAll();
    SumChunk[] memory sum = makeSum(prover, UPDATES);
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongPhase.selector, task, Phase.Submit));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, UPDATES, basis, sum);
    closeSubmit();
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakeTooSmall.selector, stranger, 0, 30 ether));
    vm.prank(stranger);
    rounds.submitAggregate(task, 1, UPDATES, basis, sum);
    // A member's pledged stake does not stand in for a prover's.
    vm.expectRevert(abi.encodeWithSelector(IStakeVault.StakeTooSmall.selector, trainers[0], 0, 30 ether));
    vm.prank(trainers[0]);
    rounds.submitAggregate(task, 1, UPDATES, basis, sum);
    vm.expectRevert(abi.encodeWithSelector(IRounds.ChunkCount.selector, 0, 1));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, UPDATES, basis, new SumChunk[](0));
    aggregate(UPDATES);
    // Who comes second is told so, and keeps its stake.
    vm.expectRevert(abi.encodeWithSelector(IRounds.SumAlreadyProven.selector, task, 1, UPDATES));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, UPDATES, basis, sum);
  }

  function test_submitAggregate_wrongSumCostsTheProverAndTheRoundGoesOn() public {
    toAggregate();
    SumChunk[] memory sum = makeSum(prover, UPDATES);
    sum[0].y ^= 1;
    vm.expectEmit(address(rounds));
    emit IRounds.SumRejected(task, 1, prover, UPDATES);
    vm.prank(prover);
    assertFalse(rounds.submitAggregate(task, 1, UPDATES, basis, sum));
    assertEq(vault.stakeOf(prover).bonded, STAKE - 30 ether);
    assertEq(vault.burnt(), 30 ether);
    aggregateAll();
    assertEq(vault.creditOf(prover), 10 ether);
  }

  function test_advance_unopenedSumMakesTheRoundVoidAndCostsNobody() public {
    toAggregate();
    aggregate(PROBES);
    expire();
    advance();
    _expectOutcome(1, Outcome.Void);
    _expectPhase(Phase.Support, 2);
    for (uint256 i; i < 3; ++i) {
      assertEq(vault.pledgeOf(task, trainers[i]), STAKE);
    }
    assertEq(rounds.stageOf(task).scale, 2 ** 40);
  }

  // ---- the whole

  function test_task_endsAfterItsRoundsWhoeverIsSilent() public {
    for (uint256 i; i < 3; ++i) {
      expire();
      advance();
    }
    _expectPhase(Phase.Closed, 3);
    assertEq(uint256(marketplace.stateOf(task).status), uint256(TaskStatus.Ended));
    vm.expectRevert(abi.encodeWithSelector(IRounds.WrongPhase.selector, task, Phase.Closed));
    advance();
  }

  function test_advance_lineageTellsEveryRound() public {
    toCommit();
    voteAll(8000, 7900);
    for (uint256 i; i < 3; ++i) {
      align(trainers[i], 30);
    }
    advance();
    IRounds.Lineage memory l = rounds.lineageOf(task, 1);
    assertEq(uint256(l.outcome), uint256(Outcome.Accepted));
    assertEq(l.weight, 3);
    assertEq(l.scale, 2 ** 40);
    assertEq(l.model, keccak256(abi.encode("model", 1)));
    assertEq(rounds.modelOf(task), l.model);
    assertEq(rounds.stageOf(task).weight, 0);
  }

  /// forge-config: ci.fuzz.runs = 256
  function testFuzz_contracts_onlyEachOther(address caller) public {
    vm.assume(caller != address(settlement) && caller != address(validation));
    vm.assume(caller != address(disputes) && caller != address(marketplace));
    bytes memory refusal = abi.encodeWithSelector(IRounds.NotAllowed.selector, caller);
    vm.startPrank(caller);
    vm.expectRevert(refusal);
    rounds.start(2, 0, new address[](0), new uint16[](0), new address[](0));
    vm.expectRevert(refusal);
    rounds.penalise(task, trainers[0], Fault.NoShow, 1, caller);
    vm.expectRevert(refusal);
    rounds.eject(task, trainers[0]);
    vm.expectRevert(refusal);
    rounds.suspend(task, trainers[0]);
    vm.expectRevert(refusal);
    rounds.reinstate(task, trainers[0]);
    vm.stopPrank();
  }
}

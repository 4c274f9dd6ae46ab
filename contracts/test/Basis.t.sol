// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "../src/interfaces/IMarketplace.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { ISettlement } from "../src/interfaces/ISettlement.sol";
import { IValidation } from "../src/interfaces/IValidation.sol";
import { AlignmentChunk, Chunk, Economics, Role, SumChunk } from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title Honest transactions that land on another chain than the one they were made on
/// @notice A reorganisation replays an account's transaction, made on one history, on another one. What it says is then
/// false there, by no fault of its author: without the stated basis each of these costs an honest party its stake.
contract BasisTest is FederationTest {
  uint256 private _fork;

  function setUp() public override {
    super.setUp();
    start(3, 3);
  }

  // ---- joining

  /// @dev The task of this number is another one there: with slashes that nobody agreed to.
  function test_join_ofAnotherTaskOfTheSameNumberIsRefused() public {
    _fork = vm.snapshotState();
    post();
    bytes32 seen = terms;
    uint256 number = task;
    assertEq(
      marketplace.stateOf(task).terms,
      keccak256(abi.encode(defaultParameters(), defaultEconomics(), defaultRules(), defaultDeadlines()))
    );

    _toTheOtherChain();
    Economics memory trap = defaultEconomics();
    trap.noShow = 2 ** 96;
    assertEq(post(defaultParameters(), trap, defaultRules(), defaultDeadlines()), number);
    bond(stranger, STAKE);
    vm.expectRevert(abi.encodeWithSelector(IMarketplace.TermsDiffer.selector, number, seen, terms));
    vm.prank(stranger);
    marketplace.join(number, Role.Trainer, 1, STAKE, seen, new bytes32[](0), 0);
    assertEq(vault.freeOf(stranger), STAKE);
  }

  // ---- sums

  /// @dev The chain on which the prover worked has three updates; the one on which its transaction lands has two.
  function test_submitAggregate_onAReorganisedSumCostsNothing() public {
    toSubmit();
    submit(trainers[0]);
    submit(trainers[1]);
    for (uint256 i; i < 3; ++i) {
      submit(validators[i]);
    }
    _fork = vm.snapshotState();
    submit(trainers[2]);
    closeSubmit();
    SumChunk[] memory sum = makeSum(prover, UPDATES);
    bytes32 seen = basis;
    uint256 before = vm.snapshotState();
    vm.prank(prover);
    assertTrue(rounds.submitAggregate(task, 1, UPDATES, seen, sum));
    vm.revertToState(before);

    _toTheOtherChain();
    expire();
    closeSubmit();
    bytes32 kept = sumBasis(UPDATES);
    assertNotEq(kept, seen);
    vm.expectRevert(abi.encodeWithSelector(IRounds.BasisDiffers.selector, task, 1, seen, kept));
    vm.prank(prover);
    rounds.submitAggregate(task, 1, UPDATES, seen, sum);
    assertEq(vault.stakeOf(prover).bonded, STAKE);

    // The statement is not a way to be wrong for nothing: the same proof, said to be of the sum that stands, is slashed.
    vm.prank(prover);
    assertFalse(rounds.submitAggregate(task, 1, UPDATES, kept, sum));
    assertEq(vault.stakeOf(prover).bonded, STAKE - defaultEconomics().failedSum);
    aggregate(UPDATES);
  }

  // ---- updates and probes

  /// @dev The proof of an update holds on both chains, but on the other one its lanes mean other coordinates: it would
  /// be accepted, point nowhere, and earn a strike.
  function test_submitUpdate_onAnotherSupportIsRefusedUnharmed() public {
    _fork = vm.snapshotState();
    toSubmit();
    Chunk[] memory chunks = makeChunks(trainers[0], 1);
    Chunk[] memory probe = makeChunks(validators[0], 1);
    bytes32 seen = basis;

    _toTheOtherChain();
    propose(validators[2]); // the same proposals, in another order
    propose(validators[1]);
    propose(validators[0]);
    advance();
    bytes32 kept = submissionBasis();
    bytes memory refusal = abi.encodeWithSelector(IRounds.BasisDiffers.selector, task, 1, seen, kept);
    vm.expectRevert(refusal);
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 1, seen, chunks);
    vm.expectRevert(refusal);
    vm.prank(validators[0]);
    rounds.submitProbe(task, 1, seen, probe);
    // It may still send what belongs there.
    assertTrue(submit(trainers[0]));
    assertTrue(submit(validators[0]));
  }

  /// @dev The model that a round starts from is what the votes of the round before made it.
  function test_submitUpdate_onAnotherModelIsRefusedUnharmed() public {
    toCommit();
    _fork = vm.snapshotState();
    voteAll(8000, 7900);
    expire();
    advance();
    toSubmit();
    Chunk[] memory chunks = makeChunks(trainers[0], 1);
    bytes32 seen = basis;

    _toTheOtherChain();
    voteAll(7000, 7900);
    expire();
    advance();
    toSubmit();
    bytes32 kept = submissionBasis();
    vm.expectRevert(abi.encodeWithSelector(IRounds.BasisDiffers.selector, task, 2, seen, kept));
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 2, seen, chunks);
  }

  // ---- alignments

  /// @dev Another set of probes, another reference: a proof that held is false there.
  function test_proveAlignment_onAnotherReferenceCostsNothing() public {
    start(3, 3);
    toSubmit();
    for (uint256 i; i < 3; ++i) {
      submit(trainers[i]);
    }
    submit(validators[0]);
    submit(validators[1]);
    _fork = vm.snapshotState();
    submit(validators[2]);
    closeSubmit();
    _sumsAndVotes();
    AlignmentChunk[] memory proof = makeAlignment(trainers[0], wordOf(30));
    (bytes32 seen, Bn254.G1[] memory seenReferences) = (basis, references());

    _toTheOtherChain();
    expire();
    closeSubmit();
    _sumsAndVotes();
    bytes32 kept = alignmentBasis(trainers[0]);
    vm.expectRevert(abi.encodeWithSelector(ISettlement.BasisDiffers.selector, task, 1, seen, kept));
    vm.prank(trainers[0]);
    settlement.proveAlignment(task, 1, trainers[0], seen, seenReferences, proof);
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE);
    Bn254.G1[] memory keptReferences = references();
    vm.prank(trainers[0]);
    assertFalse(settlement.proveAlignment(task, 1, trainers[0], kept, keptReferences, proof));
    assertEq(vault.pledgeOf(task, trainers[0]), STAKE - defaultEconomics().invalidProof);
    align(trainers[0], 30);
  }

  // ---- votes

  /// @dev A validator that committed to the model of a sum that is gone could only be an outlier, or silent.
  function test_commitVote_onAnotherSumIsRefusedUnharmed() public {
    toSubmit();
    submit(trainers[0]);
    submit(trainers[1]);
    for (uint256 i; i < 3; ++i) {
      submit(validators[i]);
    }
    _fork = vm.snapshotState();
    submit(trainers[2]);
    closeSubmit();
    aggregateAll();
    advance();
    bytes32 seen = submissionBasis();
    bytes32 model = keccak256("model of the sum that was seen");
    // forge-lint: disable-next-line(unsafe-typecast)
    bytes32 salt = bytes32("salt");
    bytes32 vote = validation.voteCommitment(task, 1, validators[0], judgementOf(model, 8000, 7900), salt);

    _toTheOtherChain();
    expire();
    closeSubmit();
    aggregateAll();
    advance();
    bytes32 kept = submissionBasis();
    vm.expectRevert(abi.encodeWithSelector(IValidation.BasisDiffers.selector, task, 1, seen, kept));
    vm.prank(validators[0]);
    validation.commitVote(task, 1, seen, vote);
    voteAll(8000, 7900);
    assertEq(vault.pledgeOf(task, validators[0]), STAKE);
  }

  // ---- the chain of bases

  /// @dev It begins with the collective key, and each round's contains all rounds before it, its proposals and its sums.
  function test_basis_isTheHistory() public {
    bytes32 expected = keccak256("collective key");
    for (uint256 number = 1; number < 3; ++number) {
      expected = keccak256(abi.encode(expected, rounds.modelOf(task), rounds.stageOf(task).scale));
      assertEq(submissionBasis(), expected);
      for (uint256 i; i < 3; ++i) {
        propose(validators[i]);
        bytes32 digest = keccak256(abi.encode("support", validators[i], number));
        expected = keccak256(abi.encode(expected, validators[i], digest));
      }
      assertEq(submissionBasis(), expected);
      advance();
      submitAll();
      closeSubmit();
      for (uint256 sum; sum < 2; ++sum) {
        aggregate(sum);
        bytes32[] memory digests = new bytes32[](1);
        digests[0] = sumDigest(sum, 0);
        expected = keccak256(abi.encode(expected, sum, digests));
      }
      assertEq(submissionBasis(), expected);
      advance();
      expire();
      advance();
      expire();
      advance();
    }
  }

  // ---- helpers

  function _toTheOtherChain() private {
    assertTrue(vm.revertToState(_fork));
  }

  function _sumsAndVotes() private {
    aggregateAll();
    advance();
    voteAll(8000, 7900);
  }
}

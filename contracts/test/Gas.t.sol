// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import {
  Accusation,
  AlignmentChunk,
  Chunk,
  Fault,
  Role,
  Standing,
  SumChunk,
  TaskParameters
} from "../src/interfaces/Types.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { Built } from "./Built.sol";
import { FederationTest } from "./federation/FederationTest.sol";

/// @title What a round costs, as whole transactions (base fee and call data included), with the real verifiers
/// @notice One chunk. Every call is a transaction of its own (`isolate`), so nothing is warm that would not be.
/// forge-config: default.isolate = true
/// forge-config: ci.isolate = true
/// forge-config: long.isolate = true
contract GasTest is FederationTest {
  uint256 private constant SUBMISSION_BAR = 450_000;
  uint256 private constant ALIGNMENT_BAR = 300_000;
  /// @dev All of a round of 16 trainers and six validators.
  uint256 private constant ROUND_BAR = 17_990_000;

  function setUp() public override {
    Built.requireOptimisedAssets();
    super.setUp();
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    (p.maxTrainers, p.maxValidators) = (64, 6);
  }

  function test_gas_firstRound() public {
    start(4, 2);
    uint256 number = 1;
    vm.prank(validators[0]);
    rounds.propose(task, number, keccak256("support"));
    vm.snapshotGasLastCall("Round", "propose");
    propose(validators[1]);
    advance();
    vm.snapshotGasLastCall("Round", "advance: support, 2 validators");

    // The first of the task's first round finds fresh storage everywhere: the dearest of all.
    Chunk[] memory chunks = makeChunks(trainers[0], 1);
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, number, basis, chunks);
    assertLe(vm.snapshotGasLastCall("Round", "submitUpdate: the very first"), SUBMISSION_BAR);
    chunks = makeChunks(trainers[1], 1);
    vm.prank(trainers[1]);
    rounds.submitUpdate(task, number, basis, chunks);
    assertLe(vm.snapshotGasLastCall("Round", "submitUpdate"), SUBMISSION_BAR);
    submit(trainers[2]);
    submit(trainers[3]);
    submit(validators[0]);
    chunks = makeChunks(validators[1], 1);
    vm.prank(validators[1]);
    rounds.submitProbe(task, number, basis, chunks);
    assertLe(vm.snapshotGasLastCall("Round", "submitProbe"), SUBMISSION_BAR);
    advance();

    // One validator finds a content missing, and the other too; without the second vote nothing comes of the first.
    uint256 clean = vm.snapshotState();
    Bn254.G1[] memory commitments = commitmentsOf(trainers[3]);
    vm.prank(validators[0]);
    exclusions.voteToExclude(task, number, trainers[3], commitments);
    vm.snapshotGasLastCall("Round", "voteToExclude");
    vm.prank(validators[1]);
    exclusions.voteToExclude(task, number, trainers[3], commitments);
    vm.snapshotGasLastCall("Round", "voteToExclude: the last vote, 1 chunk");
    vm.revertToState(clean);
    inspect(validators[0]);
    vm.snapshotGasLastCall("Round", "inspect");
    closeInspect();

    SumChunk[] memory sum = makeSum(prover, UPDATES);
    vm.prank(prover);
    rounds.submitAggregate(task, number, UPDATES, basis, sum);
    assertLe(vm.snapshotGasLastCall("Round", "submitAggregate: updates"), SUBMISSION_BAR);
    sum = makeSum(prover, PROBES);
    vm.prank(prover);
    rounds.submitAggregate(task, number, PROBES, basis, sum);
    assertLe(vm.snapshotGasLastCall("Round", "submitAggregate"), SUBMISSION_BAR);
    advance();

    commitVote(validators[0], nextModel(), 8000, 7900);
    vm.snapshotGasLastCall("Round", "commitVote");
    commitVote(validators[1], nextModel(), 8000, 7900);
    advance();
    revealVote(validators[0], nextModel(), 8000, 7900);
    vm.snapshotGasLastCall("Round", "vote");
    revealVote(validators[1], nextModel(), 8000, 7900);
    advance();
    vm.snapshotGasLastCall("Round", "advance: tally, 2 validators");

    AlignmentChunk[] memory alignment = makeAlignment(trainers[0], wordOf(30));
    Bn254.G1[] memory named = references();
    vm.prank(trainers[0]);
    settlement.proveAlignment(task, number, trainers[0], basis, named, alignment);
    assertLe(vm.snapshotGasLastCall("Round", "proveAlignment"), ALIGNMENT_BAR);
    for (uint256 i = 1; i < trainers.length; ++i) {
      align(trainers[i], 30);
    }
    advance();
    vm.snapshotGasLastCall("Round", "advance: settle, 4 trainers");
    vm.prank(trainers[0]);
    vault.claim(trainers[0]);
    vm.snapshotGasLastCall("Round", "claim");
  }

  /// @dev A vote is estimated as one of several, and may turn out to be the one that excludes. Clients give it so much more
  /// gas (`node/chain/task_calls.ts`): here of one of 64 trainers that loses its seat by it.
  function test_gas_theVoteThatExcludes() public {
    start(64, 6);
    for (uint256 i; i < 2; ++i) {
      vm.prank(address(disputes));
      rounds.penalise(task, trainers[63], Fault.Disputed, 430 ether, address(0));
    }
    toInspect();
    Bn254.G1[] memory commitments = commitmentsOf(trainers[63]);
    uint256 number = round();
    uint256[4] memory gas;
    for (uint256 i; i < 4; ++i) {
      vm.prank(validators[i]);
      exclusions.voteToExclude(task, number, trainers[63], commitments);
      gas[i] = vm.lastCallGas().gasTotalUsed;
    }
    assertEq(uint256(rounds.seatOf(task, trainers[63]).standing), uint256(Standing.Ejected));
    assertLe(gas[3] - gas[2], 530_000);
    assertGt(gas[3] - gas[2], 250_000); // no headroom of a third would do
  }

  /// @dev What comes to a round, where an earlier sum of the updates stayed closed.
  function test_gas_sifting() public {
    start(16, 6);
    toAggregate();
    expire();
    advance();
    vm.snapshotGasLastCall("Sifting", "advance: a sum of 16 updates stayed closed");
    toInspect();
    draw();
    vm.snapshotGasLastCall("Sifting", "draw, 16 trainers");
    for (uint256 i; i < 6; ++i) {
      inspect(validators[i]);
    }
    address drawn = exclusions.surplus(task)[0];
    Bn254.G1[] memory commitments = commitmentsOf(drawn);
    exclusions.leaveOut(task, 2, drawn, commitments);
    vm.snapshotGasLastCall("Sifting", "leaveOut, 16 trainers");
  }

  function test_gas_laterRound() public {
    start(4, 2);
    runRound();
    toSubmit();
    Chunk[] memory chunks = makeChunks(trainers[0], 1);
    vm.prank(trainers[0]);
    rounds.submitUpdate(task, 2, basis, chunks);
    assertLe(vm.snapshotGasLastCall("Round", "submitUpdate: later rounds"), SUBMISSION_BAR);
  }

  /// @dev All that everybody pays for a round, a member's share of it, and what grows with the trainers.
  function test_gas_roundIsLinearInTrainers() public {
    uint256[3] memory sizes = [uint256(4), 16, 64];
    uint256[3] memory perTrainer;
    for (uint256 i; i < 3; ++i) {
      string memory named = string.concat(vm.toString(sizes[i]), " trainers");
      start(sizes[i], 6);
      vm.snapshotGasLastCall("Linear", string.concat("start, ", named));
      runRound();
      vm.snapshotGasLastCall("Linear", string.concat("settle, ", named));
      uint256 total = _measureRound();
      perTrainer[i] = total / sizes[i];
      vm.snapshotValue("Linear", string.concat("whole round, ", named), total);
      vm.snapshotValue("Linear", string.concat("whole round, ", named, ": per trainer"), perTrainer[i]);
    }
    assertLe(perTrainer[1], ROUND_BAR / 16);
    // The fixed part (sums, votes) spreads over more trainers, and nothing grows faster than they do.
    assertLt(perTrainer[1], perTrainer[0]);
    assertLt(perTrainer[2], perTrainer[1]);
  }

  function test_gas_aroundTheRounds() public {
    post();
    vm.snapshotGasLastCall("Around", "post");
    bond(trainerAt(0), STAKE);
    vm.snapshotGasLastCall("Around", "bond");
    joinAll(4, 2);
    vm.snapshotGasLastCall("Around", "join");
    vm.prank(planner);
    marketplace.advance(task);
    register(TRAINER_KEY, true, 1);
    vm.snapshotGasLastCall("Around", "registerKeys");
    vm.prank(trainers[0]);
    keys.confirmKey(task, 1, keccak256("collective key"));
    vm.snapshotGasLastCall("Around", "confirmKey");
    assertEq(keys.keysOf(task, trainers[0]).confirmedKey, keccak256("collective key"));
    start(4, 2);
    vm.snapshotGasLastCall("Around", "advance: start, 4 trainers");
    assertEq(round(), 1);
    Accusation memory a = Accusation(task, 1, trainers[0], 1, keccak256("evidence"), keeper);
    bytes32 digest = disputes.accusationDigest(a);
    (address[] memory signers, bytes[] memory signatures) = (new address[](2), new bytes[](2));
    (uint256 low, uint256 high) =
      validators[0] < validators[1] ? (VALIDATOR_KEY, VALIDATOR_KEY + 1) : (VALIDATOR_KEY + 1, VALIDATOR_KEY);
    (signers[0], signers[1]) = (vm.addr(low), vm.addr(high));
    (signatures[0], signatures[1]) = (sign(low, digest), sign(high, digest));
    bytes32 id = disputes.file(a, signers, signatures);
    vm.snapshotGasLastCall("Around", "file: 2 signers");
    skip(3 days);
    disputes.execute(id);
    vm.snapshotGasLastCall("Around", "execute");
    uint256 left = STAKE - defaultEconomics().dispute;
    assertEq(vault.pledgeOf(task, trainers[0]), left);
    vm.startPrank(prover);
    vault.queue(prover, STAKE);
    vm.snapshotGasLastCall("Around", "queue");
    skip(QUEUE_DELAY);
    uint256 paid = vault.withdraw(prover);
    vm.snapshotGasLastCall("Around", "withdraw");
    vm.stopPrank();
    assertEq(paid, STAKE);
    marketplace.release(task, trainers[0]);
    vm.snapshotGasLastCall("Around", "release");
    assertEq(vault.pledgeOf(task, trainers[0]), 0);
  }

  /// @dev A wallet takes on an operator, call by call, and another one in one transaction.
  function test_gas_owner() public {
    post();
    address owner = vm.addr(0xAA00);
    fund(owner, 2 * STAKE);
    bytes[2] memory consents;
    for (uint256 i; i < 2; ++i) {
      consents[i] = sign(TRAINER_KEY + i, vault.consentDigest(trainerAt(i), owner, block.timestamp));
    }
    bytes[] memory calls = new bytes[](3);
    calls[0] = abi.encodeCall(vault.adopt, (trainerAt(1), block.timestamp, consents[1]));
    calls[1] = abi.encodeCall(vault.bond, (trainerAt(1), STAKE));
    calls[2] = abi.encodeCall(vault.mandate, (task, trainerAt(1), STAKE));
    vm.startPrank(owner);
    vault.adopt(trainerAt(0), block.timestamp, consents[0]);
    vm.snapshotGasLastCall("Around", "adopt");
    vault.bond(trainerAt(0), STAKE);
    vault.mandate(task, trainerAt(0), STAKE);
    vm.snapshotGasLastCall("Around", "mandate");
    vault.multicall(calls);
    vm.snapshotGasLastCall("Around", "multicall: adopt, bond, mandate");
    vm.stopPrank();
    assertEq(vault.stakeOf(trainerAt(1)).bonded, STAKE);
    join(trainerAt(1), Role.Trainer, STAKE);
    vm.snapshotGasLastCall("Around", "join: of an operator");
  }

  function _measureRound() private returns (uint256 total) {
    for (uint256 i; i < validators.length; ++i) {
      propose(validators[i]);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
    for (uint256 i; i < trainers.length; ++i) {
      submit(trainers[i]);
      total += vm.lastCallGas().gasTotalUsed;
    }
    for (uint256 i; i < validators.length; ++i) {
      submit(validators[i]);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
    for (uint256 i; i < validators.length; ++i) {
      inspect(validators[i]);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
    for (uint256 sum; isDue(sum); ++sum) {
      aggregate(sum);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
    for (uint256 i; i < validators.length; ++i) {
      commitVote(validators[i], nextModel(), 8000, 7900);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
    for (uint256 i; i < validators.length; ++i) {
      revealVote(validators[i], nextModel(), 8000, 7900);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
    for (uint256 i; i < trainers.length; ++i) {
      align(trainers[i], 30);
      total += vm.lastCallGas().gasTotalUsed;
    }
    advance();
    total += vm.lastCallGas().gasTotalUsed;
  }
}

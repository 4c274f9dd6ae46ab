// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import {
  AlignmentChunk,
  Chunk,
  Deadlines,
  Economics,
  KeyRegistration,
  Phase,
  Role,
  Rules,
  Selector,
  Subject,
  SumChunk,
  TaskParameters
} from "../../src/interfaces/Types.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { IRounds } from "../../src/interfaces/IRounds.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Challenge } from "../../src/libraries/Challenge.sol";
import { TestToken } from "../tokens/TestToken.sol";
import { Deployment } from "./Deployment.sol";

/// @title What the federation's tests share: actors, a task, and every step of a round with proofs that hold
abstract contract FederationTest is Deployment {
  uint256 internal constant TRAINER_KEY = 0xA100;
  uint256 internal constant VALIDATOR_KEY = 0xB100;
  uint128 internal constant STAKE = 1000 ether;

  address internal planner = vm.addr(0xD100);
  address internal prover = vm.addr(0xC100);
  address internal keeper = vm.addr(0xE100);
  address internal stranger = vm.addr(0xF100);

  address[] internal trainers;
  address[] internal validators;
  uint256 internal task;
  /// @dev Of the task that was posted last.
  bytes32 internal terms;
  /// @dev What the submission, sum or alignment that was made last rests on: what its author states.
  bytes32 internal basis;

  function setUp() public virtual {
    deploy(new TestToken());
    fund(planner, 1e9 ether);
    bond(prover, STAKE);
  }

  // ---- actors

  function trainerAt(uint256 i) internal pure returns (address) {
    return vm.addr(TRAINER_KEY + i);
  }

  function validatorAt(uint256 i) internal pure returns (address) {
    return vm.addr(VALIDATOR_KEY + i);
  }

  function fund(address account, uint256 amount) internal {
    token.mint(account, amount);
    vm.prank(account);
    token.approve(address(vault), type(uint256).max);
  }

  function bond(address account, uint256 amount) internal {
    fund(account, amount);
    vm.prank(account);
    vault.bond(amount);
  }

  // ---- a task

  function defaultParameters() internal view virtual returns (TaskParameters memory p) {
    p.metadata = keccak256("metadata");
    p.model = keccak256("model 0");
    p.preset = TINY;
    p.normBound = 96 << 14;
    p.modelSize = 5000;
    p.chunks = 1;
    p.rounds = 3;
    p.selector = Selector.Probe;
    (p.minTrainers, p.maxTrainers, p.minValidators, p.maxValidators) = (2, 4, 2, 3);
    p.threshold = 2;
    p.maxRestarts = 2;
    p.scale = 2 ** 40;
    p.target = 24;
  }

  function defaultEconomics() internal pure virtual returns (Economics memory e) {
    e.roundReward = 100 ether;
    e.validatorFee = 3 ether;
    e.proverFee = 5 ether;
    e.minStake = 500 ether;
    e.stakeFloor = 100 ether;
    e.noShow = 10 ether;
    e.invalidProof = 50 ether;
    e.strike = 7 ether;
    e.outlier = 4 ether;
    e.dispute = 200 ether;
    e.failedSum = 30 ether;
  }

  function defaultRules() internal pure virtual returns (Rules memory r) {
    r.reporterBps = 1000;
    r.phi = 6000;
    r.signalFloor = 1e8;
    r.delta = 3e7;
    r.ejectAt = 3;
    r.minGain = -50;
    r.outlierBand = 1000;
  }

  function defaultDeadlines() internal pure virtual returns (Deadlines memory d) {
    d.join = 1 hours;
    d.draw = 1 hours;
    d.keying = 1 hours;
    d.support = 10 minutes;
    d.submit = 1 hours;
    d.aggregate = 1 hours;
    d.commit = 20 minutes;
    d.reveal = 20 minutes;
    d.settle = 1 hours;
    d.appeal = 2 days;
  }

  function post() internal returns (uint256 number) {
    return post(defaultParameters(), defaultEconomics(), defaultRules(), defaultDeadlines());
  }

  function post(TaskParameters memory p, Economics memory e, Rules memory r, Deadlines memory d)
    internal
    returns (uint256 number)
  {
    vm.prank(planner);
    number = marketplace.post(p, e, r, d);
    task = number;
    terms = keccak256(abi.encode(p, e, r, d));
  }

  function entropyOf(address account) internal pure returns (bytes32) {
    // forge-lint: disable-next-line(unsafe-typecast)
    return keccak256(abi.encode(bytes32("secret"), account));
  }

  function join(address account, Role role, uint128 stake) internal {
    if (vault.freeOf(account) < stake) bond(account, stake);
    vm.prank(account);
    marketplace.join(task, role, 1, stake, terms, new bytes32[](0), entropyOf(account));
  }

  function joinAll(uint256 nTrainers, uint256 nValidators) internal {
    delete trainers;
    delete validators;
    for (uint256 i; i < nTrainers; ++i) {
      trainers.push(trainerAt(i));
      join(trainerAt(i), Role.Trainer, STAKE);
    }
    for (uint256 i; i < nValidators; ++i) {
      validators.push(validatorAt(i));
      join(validatorAt(i), Role.Validator, STAKE);
    }
  }

  function registration(address account, bool isTrainer, uint32 epoch)
    internal
    view
    returns (KeyRegistration memory)
  {
    return KeyRegistration({
      task: task,
      epoch: epoch,
      account: account,
      peer: abi.encodePacked("peer of ", account),
      sealingKey: keccak256(abi.encode("sealing", account)),
      keyShare: isTrainer ? keccak256(abi.encode("share", account)) : bytes32(0)
    });
  }

  function register(uint256 key, bool isTrainer, uint32 epoch) internal {
    KeyRegistration memory r = registration(vm.addr(key), isTrainer, epoch);
    (uint8 v, bytes32 r_, bytes32 s) = vm.sign(key, keys.registrationDigest(r));
    keys.registerKeys(r, abi.encodePacked(r_, s, v));
  }

  function keyAll(uint32 epoch) internal {
    for (uint256 i; i < trainers.length; ++i) {
      register(TRAINER_KEY + i, true, epoch);
      vm.prank(trainers[i]);
      keys.confirmKey(task, epoch, keccak256("collective key"));
    }
    for (uint256 i; i < validators.length; ++i) {
      register(VALIDATOR_KEY + i, false, epoch);
    }
  }

  /// @dev A running task, in the Support phase of round 1.
  function start(uint256 nTrainers, uint256 nValidators) internal {
    post();
    startPosted(nTrainers, nValidators);
  }

  function startPosted(uint256 nTrainers, uint256 nValidators) internal {
    joinAll(nTrainers, nValidators);
    vm.prank(planner);
    marketplace.advance(task);
    keyAll(1);
    vm.prank(keeper);
    marketplace.advance(task);
  }

  // ---- steps of a round

  function round() internal view returns (uint256) {
    return rounds.stageOf(task).number;
  }

  function phase() internal view returns (Phase) {
    return rounds.stageOf(task).phase;
  }

  function expire() internal {
    vm.warp(rounds.stageOf(task).deadline + 1);
  }

  function advance() internal {
    vm.prank(keeper);
    rounds.advance(task);
  }

  function propose(address account) internal {
    uint256 number = round();
    vm.prank(account);
    rounds.propose(task, number, keccak256(abi.encode("support", account, number)));
  }

  function toSubmit() internal {
    for (uint256 i; i < validators.length; ++i) {
      propose(validators[i]);
    }
    advance();
  }

  function submissionBasis() internal view returns (bytes32) {
    return rounds.lineageOf(task, round()).basis;
  }

  function sumBasis(Subject subject) internal view returns (bytes32) {
    Bn254.G1[] memory sums = new Bn254.G1[](defaultParameters().chunks);
    for (uint256 i; i < sums.length; ++i) {
      sums[i] = rounds.sumOf(task, subject, i);
    }
    return keccak256(abi.encode(sums));
  }

  function alignmentBasis(address trainer) internal view returns (bytes32) {
    (, uint256[] memory hUpdate, uint256[] memory hReference) = rounds.alignmentInputs(task, round(), trainer);
    return keccak256(abi.encode(hUpdate, hReference));
  }

  /// @dev The chunks of an update or probe, with proofs that hold.
  function makeChunks(address account, Subject subject, uint256 count)
    internal
    returns (Chunk[] memory chunks)
  {
    chunks = new Chunk[](count);
    basis = submissionBasis();
    bytes32 tag = subject == Subject.Update ? Challenge.UPDATE : Challenge.PROBE;
    for (uint256 i; i < count; ++i) {
      Chunk memory c = chunks[i];
      c.commitment = trapdoor.commit(secretOf(account, i));
      c.h = uint256(keccak256(abi.encode("h", account, round(), i))) % Bn254.R;
      c.digest = keccak256(abi.encode("ciphertext", account, round(), i));
      c.y = uint256(keccak256(abi.encode("y", account, round(), i))) % Bn254.R;
      uint256 gamma = rounds.challengeOf(tag, task, round(), account, i, c.commitment, c.h, c.digest);
      c.opening = trapdoor.open(secretOf(account, i), gamma, c.y);
      c.proof = trapdoor.prove(
        IVerifierRegistry.Circuit.Update, true, [c.h, gamma, c.y, defaultParameters().normBound], i
      );
    }
  }

  /// @dev `f(tau)` of a member's submission in this round.
  function secretOf(address account, uint256 chunk) internal view returns (uint256) {
    return uint256(keccak256(abi.encode("f", task, account, round(), chunk))) % Bn254.R;
  }

  function submit(address account, Subject subject) internal returns (bool accepted) {
    Chunk[] memory chunks = makeChunks(account, subject, defaultParameters().chunks);
    uint256 number = round();
    vm.prank(account);
    if (subject == Subject.Update) return rounds.submitUpdate(task, number, basis, chunks);
    return rounds.submitProbe(task, number, basis, chunks);
  }

  function submitAll() internal {
    for (uint256 i; i < trainers.length; ++i) {
      assertTrue(submit(trainers[i], Subject.Update));
    }
    for (uint256 i; i < validators.length; ++i) {
      assertTrue(submit(validators[i], Subject.Probe));
    }
  }

  function toAggregate() internal {
    toSubmit();
    submitAll();
    advance();
  }

  /// @dev A sum with proofs that hold, for the members whose submission of this round was accepted.
  function makeSum(address sender, Subject subject, uint256 norm)
    internal
    returns (SumChunk[] memory chunks)
  {
    chunks = new SumChunk[](defaultParameters().chunks);
    basis = sumBasis(subject);
    for (uint256 i; i < chunks.length; ++i) {
      SumChunk memory c = chunks[i];
      c.h = uint256(keccak256(abi.encode("sum h", sumSecret(subject, i)))) % Bn254.R;
      c.digest = sumDigest(subject, i);
      c.y = uint256(keccak256(abi.encode("sum y", subject, round(), i))) % Bn254.R;
      c.norm = norm;
      uint256 gamma = sumChallenge(sender, subject, i, c);
      c.opening = trapdoor.open(sumSecret(subject, i), gamma, c.y);
      c.proof = trapdoor.prove(IVerifierRegistry.Circuit.Aggregate, true, [c.h, gamma, c.y, norm], i);
    }
  }

  function sumChallenge(address sender, Subject subject, uint256 chunk, SumChunk memory c)
    internal
    view
    returns (uint256)
  {
    bytes32 tag = subject == Subject.Update ? Challenge.UPDATE_SUM : Challenge.PROBE_SUM;
    Bn254.G1 memory sum = rounds.sumOf(task, subject, chunk);
    return rounds.challengeOf(tag, task, round(), sender, chunk, sum, c.h, c.digest);
  }

  /// @dev Of the sum's content, as whoever has it computes it.
  function sumDigest(Subject subject, uint256 chunk) internal view returns (bytes32) {
    return keccak256(abi.encode("sum", subject, sumSecret(subject, chunk)));
  }

  /// @dev `f(tau)` of the weighted sum.
  function sumSecret(Subject subject, uint256 chunk) internal view returns (uint256 total) {
    address[] memory from = subject == Subject.Update ? trainers : validators;
    for (uint256 i; i < from.length; ++i) {
      IRounds.Seat memory seat = rounds.seatOf(task, from[i]);
      if (seat.submittedIn != round() || !seat.accepted) continue;
      total = addmod(total, mulmod(seat.weight, secretOf(from[i], chunk), Bn254.R), Bn254.R);
    }
  }

  function aggregate(Subject subject) internal {
    SumChunk[] memory chunks = makeSum(prover, subject, 1e6);
    uint256 number = round();
    vm.prank(prover);
    assertTrue(rounds.submitAggregate(task, number, subject, basis, chunks));
  }

  function toCommit() internal {
    toAggregate();
    aggregate(Subject.Update);
    aggregate(Subject.Probe);
    advance();
  }

  function commitVote(address validator, bytes32 model, uint16 quality, uint16 before) internal {
    uint256 number = round();
    // forge-lint: disable-next-line(unsafe-typecast)
    bytes32 c = validation.voteCommitment(task, number, validator, model, quality, before, bytes32("salt"));
    bytes32 rests = rounds.voteBasis(task, number);
    vm.prank(validator);
    validation.commitVote(task, number, rests, c);
  }

  function revealVote(address validator, bytes32 model, uint16 quality, uint16 before) internal {
    uint256 number = round();
    vm.prank(validator);
    // forge-lint: disable-next-line(unsafe-typecast)
    validation.revealVote(task, number, model, quality, before, bytes32("salt"));
  }

  function nextModel() internal view returns (bytes32) {
    return keccak256(abi.encode("model", round()));
  }

  /// @dev All validators report the same qualities.
  function toSettle(uint16 quality, uint16 before) internal {
    toCommit();
    voteAll(quality, before);
  }

  function voteAll(uint16 quality, uint16 before) internal {
    for (uint256 i; i < validators.length; ++i) {
      commitVote(validators[i], nextModel(), quality, before);
    }
    advance();
    for (uint256 i; i < validators.length; ++i) {
      revealVote(validators[i], nextModel(), quality, before);
    }
    advance();
  }

  function makeAlignment(address trainer, int256 score, uint256 norm)
    internal
    returns (AlignmentChunk[] memory chunks)
  {
    (, uint256[] memory hUpdate, uint256[] memory hReference) = rounds.alignmentInputs(task, round(), trainer);
    chunks = new AlignmentChunk[](hUpdate.length);
    basis = alignmentBasis(trainer);
    for (uint256 i; i < chunks.length; ++i) {
      // forge-lint: disable-next-line(unsafe-typecast)
      chunks[i].score = score >= 0 ? uint256(score) : Bn254.R - uint256(-score);
      chunks[i].norm = norm;
      chunks[i].proof = trapdoor.prove(
        IVerifierRegistry.Circuit.Alignment, true, [hUpdate[i], hReference[i], chunks[i].score, norm], i
      );
    }
  }

  /// @dev With a norm of 1e6 and a probe norm of 1e6, a score of 1000 is a cosine of 10^-3.
  function align(address trainer, int256 score) internal {
    AlignmentChunk[] memory chunks = makeAlignment(trainer, score, 1e6);
    assertTrue(settlement.proveAlignment(task, round(), trainer, basis, chunks));
  }

  function runRound() internal {
    toSettle(8000, 7900);
    for (uint256 i; i < trainers.length; ++i) {
      align(trainers[i], 500_000);
    }
    advance();
  }

  // ---- signatures

  function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
    (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
    return abi.encodePacked(r, s, v);
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import {
  AlignmentChunk,
  Chunk,
  Deadlines,
  Economics,
  Judgement,
  KeyRegistration,
  Phase,
  Role,
  Rules,
  Selector,
  Standing,
  SumChunk,
  TaskParameters
} from "../../src/interfaces/Types.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { IRounds } from "../../src/interfaces/IRounds.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Challenge } from "../../src/libraries/Challenge.sol";
import { TestToken } from "../assets/TestToken.sol";
import { Deployment } from "./Deployment.sol";
import { Built } from "../Built.sol";

/// @title What the federation's tests share: actors, a task, and every step of a round with proofs that hold
abstract contract FederationTest is Deployment {
  uint256 internal constant TRAINER_KEY = 0xA100;
  uint256 internal constant VALIDATOR_KEY = 0xB100;
  uint128 internal constant STAKE = 1000 ether;
  /// @dev The sum of the updates, and that of the first group's probes.
  uint256 internal constant UPDATES = 0;
  uint256 internal constant PROBES = 1;
  /// @dev Of the norms that the tests prove: with 96 coordinates and a target of 24 the scale is right.
  uint256 internal constant BUCKET = 15;

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
    deploy(Built.testToken());
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
    address owner = vault.ownerOf(account);
    fund(owner, amount);
    vm.prank(owner);
    vault.bond(account, amount);
  }

  // ---- a task

  function defaultParameters() internal view virtual returns (TaskParameters memory p) {
    p.metadata = keccak256("metadata");
    p.model = keccak256("model 0");
    p.preset = TINY;
    (p.normBound, p.probeNormBound) = (96 << 14, 96 << 12);
    p.modelSize = 5000;
    p.chunks = 1;
    p.rounds = 3;
    p.selector = Selector.Probe;
    (p.minTrainers, p.maxTrainers, p.minValidators, p.maxValidators) = (2, 4, 2, 3);
    p.threshold = 2;
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
    r.phi = 7500;
    (r.floor, r.toll, r.cap, r.reserve) = (13, 10, 38, 19);
    r.ejectAt = 5;
    r.minGain = -50;
    r.outlierBand = 1000;
  }

  function defaultDeadlines() internal pure virtual returns (Deadlines memory d) {
    d.join = 1 hours;
    d.draw = 1 hours;
    d.keying = 1 hours;
    d.support = 10 minutes;
    d.submit = 1 hours;
    d.inspect = 20 minutes;
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

  function join(address account, Role role, uint128 stake) internal virtual {
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

  function sumBasis(uint256 sum) internal view returns (bytes32) {
    Bn254.G1[] memory totals = new Bn254.G1[](defaultParameters().chunks);
    for (uint256 i; i < totals.length; ++i) {
      totals[i] = rounds.sumOf(task, sum, i);
    }
    return keccak256(abi.encode(totals));
  }

  function alignmentBasis(address trainer) internal view returns (bytes32) {
    (, uint256[] memory hUpdate, bytes32 named) = rounds.alignmentInputs(task, round(), trainer);
    return keccak256(abi.encode(hUpdate, named));
  }

  function challenge(
    bytes32 tag,
    address sender,
    uint256 chunk,
    Bn254.G1 memory commitment,
    uint256 h,
    bytes32 digest
  ) internal view returns (uint256) {
    bytes memory about = abi.encode(task, round(), sender, chunk, commitment, h, digest);
    bytes memory where = abi.encode(tag, block.chainid, address(rounds));
    return uint256(keccak256(bytes.concat(where, about))) % Bn254.R;
  }

  /// @dev The chunks of a trainer's update or a validator's probe, with proofs that hold.
  function makeChunks(address account, uint256 count) internal returns (Chunk[] memory chunks) {
    chunks = new Chunk[](count);
    basis = submissionBasis();
    bool isUpdate = rounds.seatOf(task, account).role != Role.Validator;
    bytes32 tag = isUpdate ? Challenge.UPDATE : Challenge.PROBE;
    uint256 bound = isUpdate ? defaultParameters().normBound : defaultParameters().probeNormBound;
    for (uint256 i; i < count; ++i) {
      Chunk memory c = chunks[i];
      c.commitment = trapdoor.commit(secretOf(account, i));
      c.h = uint256(keccak256(abi.encode("h", account, round(), i))) % Bn254.R;
      c.digest = keccak256(abi.encode("ciphertext", account, round(), i));
      c.y = uint256(keccak256(abi.encode("y", account, round(), i))) % Bn254.R;
      uint256 gamma = challenge(tag, account, i, c.commitment, c.h, c.digest);
      c.opening = trapdoor.open(secretOf(account, i), gamma, c.y);
      c.proof = trapdoor.prove(IVerifierRegistry.Circuit.Update, [c.h, gamma, c.y, bound], i);
    }
  }

  /// @dev `f(tau)` of a member's submission in this round.
  function secretOf(address account, uint256 chunk) internal view returns (uint256) {
    return uint256(keccak256(abi.encode("f", task, account, round(), chunk))) % Bn254.R;
  }

  /// @dev Of a member's submission in this round, as its event has them.
  function commitmentsOf(address account) internal view returns (Bn254.G1[] memory commitments) {
    commitments = new Bn254.G1[](defaultParameters().chunks);
    for (uint256 i; i < commitments.length; ++i) {
      commitments[i] = trapdoor.commit(secretOf(account, i));
    }
  }

  function voteToExclude(address validator, address account) internal returns (bool excluded) {
    Bn254.G1[] memory commitments = commitmentsOf(account);
    uint256 number = round();
    vm.prank(validator);
    exclusions.voteToExclude(task, number, account, commitments);
    return !rounds.seatOf(task, account).accepted;
  }

  function submit(address account) internal returns (bool accepted) {
    return submit(account, makeChunks(account, defaultParameters().chunks));
  }

  function submit(address account, Chunk[] memory chunks) internal returns (bool accepted) {
    (uint256 number, Role role) = (round(), rounds.seatOf(task, account).role);
    vm.prank(account);
    if (role == Role.Trainer) return rounds.submitUpdate(task, number, basis, chunks);
    return rounds.submitProbe(task, number, basis, chunks);
  }

  function submitAll() internal {
    for (uint256 i; i < trainers.length; ++i) {
      assertTrue(submit(trainers[i]));
    }
    for (uint256 i; i < validators.length; ++i) {
      assertTrue(submit(validators[i]));
    }
  }

  function toInspect() internal {
    toSubmit();
    submitAll();
    advance();
  }

  function inspect(address account) internal {
    uint256 number = round();
    vm.prank(account);
    rounds.inspect(task, number);
  }

  /// @dev From Submit, complete or over, to Aggregate, if enough was submitted: nothing is amiss with any content.
  function closeSubmit() internal {
    advance();
    if (phase() == Phase.Inspect) closeInspect();
  }

  /// @dev All validators that did not yet say so have inspected.
  function closeInspect() internal {
    for (uint256 i; i < validators.length; ++i) {
      IRounds.Seat memory seat = rounds.seatOf(task, validators[i]);
      if (seat.standing == Standing.Good && seat.inspectedIn != round()) inspect(validators[i]);
    }
    sift();
    advance();
  }

  /// @dev Leaves out whom the draw leaves out; nobody, unless an earlier sum of the updates stayed closed.
  function sift() internal {
    draw();
    address[] memory drawn = exclusions.surplus(task);
    for (uint256 i; i < drawn.length; ++i) {
      exclusions.leaveOut(task, round(), drawn[i], commitmentsOf(drawn[i]));
    }
  }

  /// @dev In the next block.
  function draw() internal {
    if (exclusions.isSifted(task) || exclusions.drawnIn(task) == round()) return;
    vm.warp(block.timestamp + 1);
    exclusions.draw(task, round());
  }

  function toAggregate() internal {
    toSubmit();
    submitAll();
    closeSubmit();
  }

  /// @dev A sum with proofs that hold, for the members whose submission of this round was accepted.
  function makeSum(address sender, uint256 sum) internal returns (SumChunk[] memory chunks) {
    chunks = new SumChunk[](defaultParameters().chunks);
    basis = sumBasis(sum);
    for (uint256 i; i < chunks.length; ++i) {
      SumChunk memory c = chunks[i];
      c.h = uint256(keccak256(abi.encode("sum h", sumSecret(sum, i)))) % Bn254.R;
      c.digest = sumDigest(sum, i);
      c.y = uint256(keccak256(abi.encode("sum y", sum, round(), i))) % Bn254.R;
      bytes32 tag = sum == UPDATES ? Challenge.UPDATE_SUM : Challenge.PROBE_SUM;
      uint256 gamma = challenge(tag, sender, i, rounds.sumOf(task, sum, i), c.h, c.digest);
      c.opening = trapdoor.open(sumSecret(sum, i), gamma, c.y);
      c.proof = trapdoor.prove(IVerifierRegistry.Circuit.Aggregate, [c.h, gamma, c.y], 0, i);
    }
  }

  /// @dev Of the sum's content, as whoever has it computes it.
  function sumDigest(uint256 sum, uint256 chunk) internal view returns (bytes32) {
    return keccak256(abi.encode("sum", sum, sumSecret(sum, chunk)));
  }

  /// @dev `f(tau)` of the weighted sum.
  function sumSecret(uint256 sum, uint256 chunk) internal view returns (uint256 total) {
    address[] memory from = sum == UPDATES ? trainers : validators;
    for (uint256 i; i < from.length; ++i) {
      IRounds.Seat memory seat = rounds.seatOf(task, from[i]);
      if (seat.sum != sum || seat.submittedIn != round() || !seat.accepted) continue;
      total = addmod(total, mulmod(seat.weight, secretOf(from[i], chunk), Bn254.R), Bn254.R);
    }
  }

  function aggregate(uint256 sum) internal {
    SumChunk[] memory chunks = makeSum(prover, sum);
    uint256 number = round();
    vm.prank(prover);
    assertTrue(rounds.submitAggregate(task, number, sum, basis, chunks));
  }

  function isDue(uint256 sum) internal view returns (bool) {
    return (rounds.stageOf(task).sumsDue >> sum) & 1 == 1;
  }

  function aggregateAll() internal {
    for (uint256 sum; sum < 8; ++sum) {
      if (isDue(sum)) aggregate(sum);
    }
  }

  function toCommit() internal {
    toAggregate();
    aggregateAll();
    advance();
  }

  function judgementOf(bytes32 model, uint16 quality, uint16 before)
    internal
    view
    returns (Judgement memory)
  {
    return Judgement(model, keccak256(abi.encode(references())), quality, before);
  }

  function commitVote(address validator, bytes32 model, uint16 quality, uint16 before) internal {
    commitVote(validator, judgementOf(model, quality, before));
  }

  function commitVote(address validator, Judgement memory judgement) internal {
    uint256 number = round();
    // forge-lint: disable-next-line(unsafe-typecast)
    bytes32 c = validation.voteCommitment(task, number, validator, judgement, bytes32("salt"));
    bytes32 rests = rounds.lineageOf(task, number).basis;
    vm.prank(validator);
    validation.commitVote(task, number, rests, c);
  }

  function revealVote(address validator, bytes32 model, uint16 quality, uint16 before) internal {
    revealVote(validator, judgementOf(model, quality, before));
  }

  function revealVote(address validator, Judgement memory judgement) internal {
    uint256 number = round();
    vm.prank(validator);
    // forge-lint: disable-next-line(unsafe-typecast)
    validation.revealVote(task, number, judgement, bytes32("salt"));
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

  // ---- alignments

  /// @dev The points that stand for the round's references: functions of the groups' sums, as everyone computes them.
  function references() internal view virtual returns (Bn254.G1[] memory points) {
    points = new Bn254.G1[](defaultParameters().chunks);
    for (uint256 i; i < points.length; ++i) {
      points[i] = trapdoor.commit(referenceSecret(i));
    }
  }

  function referenceSecret(uint256 chunk) internal view returns (uint256) {
    uint256[8] memory sums;
    for (uint256 i; i < validators.length; ++i) {
      IRounds.Seat memory seat = rounds.seatOf(task, validators[i]);
      if (seat.submittedIn != round() || !seat.accepted) continue;
      sums[seat.sum] = addmod(sums[seat.sum], secretOf(validators[i], chunk), Bn254.R);
    }
    return uint256(keccak256(abi.encode("reference", sums))) % Bn254.R;
  }

  /// @dev A proven word: a figure for each group, and a bucket of the norm.
  function wordOf(int256[7] memory figures, uint256 bucket) internal pure returns (uint256 word) {
    for (uint256 g; g < 7; ++g) {
      // forge-lint: disable-next-line(unsafe-typecast)
      word |= uint256(figures[g] + 128) << (8 * g);
    }
    word |= bucket << 56;
  }

  /// @dev The word of an update that all groups see alike.
  function wordOf(int256 figure) internal pure returns (uint256) {
    return wordOf([figure, figure, figure, figure, figure, figure, figure], BUCKET);
  }

  function makeAlignment(address trainer, uint256 word) internal returns (AlignmentChunk[] memory chunks) {
    (, uint256[] memory hUpdate,) = rounds.alignmentInputs(task, round(), trainer);
    chunks = new AlignmentChunk[](hUpdate.length);
    basis = alignmentBasis(trainer);
    uint256 before;
    for (uint256 i; i < chunks.length; ++i) {
      bool last = i == chunks.length - 1;
      chunks[i].out = last ? word : uint256(keccak256(abi.encode("totals", trainer, i))) % Bn254.R;
      chunks[i].proof = trapdoor.prove(
        IVerifierRegistry.Circuit.Alignment, [hUpdate[i], before, chunks[i].out], referenceSecret(i), i
      );
      before = chunks[i].out;
    }
  }

  function alignWord(address trainer, uint256 word) internal {
    AlignmentChunk[] memory chunks = makeAlignment(trainer, word);
    assertTrue(settlement.proveAlignment(task, round(), trainer, basis, references(), chunks));
  }

  /// @dev All groups see the same figure.
  function align(address trainer, int256 figure) internal {
    alignWord(trainer, wordOf(figure));
  }

  function runRound() internal {
    toSettle(8000, 7900);
    for (uint256 i; i < trainers.length; ++i) {
      align(trainers[i], 30);
    }
    advance();
  }

  // ---- signatures

  function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
    (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
    return abi.encodePacked(r, s, v);
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "./interfaces/IRounds.sol";
import { ISettlement } from "./interfaces/ISettlement.sol";
import { IVerifierRegistry } from "./interfaces/IVerifierRegistry.sol";
import {
  AlignmentChunk,
  Economics,
  Fault,
  Outcome,
  Rules,
  Standing,
  TaskParameters,
  Verdict
} from "./interfaces/Types.sol";
import { Bn254 } from "./libraries/Bn254.sol";
import { Scores } from "./libraries/Scores.sol";
import { System, Wired } from "./Wired.sol";

/// @title Settlement: who moved the model toward where the validators' groups point, and what follows
/// @notice Figures, pay and strikes as in docs/encodings.md, "Scores". No group decides alone: a trainer is paid by the
/// median of the groups, and struck by more than two thirds of them.
contract Settlement is ISettlement, Wired {
  /// @dev What one settling works on. `trainers` are those with an accepted update, in the order of their seats.
  /// @param accounts as they are stored, brought up to date step by step.
  /// @param rows the figures of each trainer, one a group that counts.
  /// @param silent whether a trainer proved that it sent nothing: the round is neither for nor against it.
  /// @param buckets of the `sized` trainers that proved that they sent something.
  /// @param absent whether a trainer could have proved, and did not.
  struct Cohort {
    uint256 task;
    uint256 round;
    bool accepted;
    address reporter;
    Rules rules;
    Economics economics;
    address[] trainers;
    Alignment[] accounts;
    int256[][] rows;
    bool[] absent;
    bool[] silent;
    int256[] buckets;
    uint256 sized;
    int256[] medians;
    int256[] seen;
    uint256[] weights;
    uint256[] rewards;
  }

  mapping(uint256 task => mapping(address trainer => Alignment)) private _alignments;

  constructor(System memory system_) Wired(system_) { }

  /// @inheritdoc ISettlement
  function proveAlignment(
    uint256 task,
    uint256 round,
    address trainer,
    bytes32 basis,
    Bn254.G1[] calldata references,
    AlignmentChunk[] calldata chunks
  ) external returns (bool) {
    Alignment storage alignment = _alignments[task][trainer];
    require(alignment.round != round, AlreadyProven(task, round, trainer));
    (bytes32 preset, uint256[] memory hUpdate) = _inputs(task, round, trainer, basis, references);
    require(chunks.length == hUpdate.length, ChunkCount(chunks.length, hUpdate.length));
    require(references.length == hUpdate.length, ChunkCount(references.length, hUpdate.length));
    uint256 word = chunks[chunks.length - 1].out;
    if (word >= Scores.WORD_LIMIT || !_verify(preset, hUpdate, references, chunks)) {
      _reject(task, round, trainer);
      return false;
    }
    // forge-lint: disable-next-line(unsafe-typecast)
    (alignment.round, alignment.word) = (uint32(round), uint64(word));
    emit AlignmentProven(task, round, trainer, word);
    return true;
  }

  /// @inheritdoc ISettlement
  function open(uint256 task, address[] calldata trainers) external {
    require(msg.sender == address(ROUNDS), NotAllowed(msg.sender));
    // Writes the slot once (there is no round 0), so that the first proof does not pay for fresh storage.
    for (uint256 i; i < trainers.length; ++i) {
      _alignments[task][trainers[i]].word = 1;
    }
  }

  /// @inheritdoc ISettlement
  function settle(uint256 task, Outcome verdict, address reporter) external returns (uint64 nextScale) {
    require(msg.sender == address(ROUNDS), NotAllowed(msg.sender));
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    Cohort memory cohort;
    (cohort.task, cohort.round, cohort.reporter) = (task, stage.number, reporter);
    cohort.accepted = verdict == Outcome.Accepted;
    (cohort.rules, cohort.economics) = (MARKETPLACE.rulesOf(task), MARKETPLACE.economicsOf(task));
    _gather(cohort, stage);
    _weigh(cohort);
    uint256 paid = cohort.accepted ? _pay(cohort) : 0;
    _judge(cohort);
    nextScale = cohort.accepted && cohort.sized > 0 ? _nextScale(cohort, stage.scale) : stage.scale;
    emit RoundSettled(task, cohort.round, cohort.medians, paid, nextScale);
  }

  // ---- views

  /// @inheritdoc ISettlement
  function isComplete(uint256 task) external view returns (bool) {
    uint256 round = ROUNDS.stageOf(task).number;
    (address[] memory trainers,) = ROUNDS.committeeOf(task);
    for (uint256 i; i < trainers.length; ++i) {
      IRounds.Seat memory seat = ROUNDS.seatOf(task, trainers[i]);
      bool accepted = seat.submittedIn == round && seat.accepted;
      if (accepted && _alignments[task][trainers[i]].round != round) return false;
    }
    return true;
  }

  /// @inheritdoc ISettlement
  function alignmentOf(uint256 task, address trainer) external view returns (Alignment memory) {
    return _alignments[task][trainer];
  }

  /// @inheritdoc ISettlement
  function heldOf(uint256 task, address trainer) external view returns (uint256) {
    return Scores.held(_alignments[task][trainer].level, MARKETPLACE.economicsOf(task).strike);
  }

  // ---- inside

  /// @dev Nobody can cost another its stake: only the trainer's own false proof is one.
  function _reject(uint256 task, uint256 round, address trainer) private {
    require(msg.sender == trainer, AlignmentProofFailed(task, round, trainer));
    emit AlignmentRejected(task, round, trainer);
    uint256 penalty = MARKETPLACE.economicsOf(task).invalidProof;
    ROUNDS.penalise(task, trainer, Fault.InvalidProof, penalty, address(0));
  }

  /// @dev The sponges are those that `Rounds` stored and the references those that the vote named, so the proof is about
  /// this update and these references.
  function _inputs(
    uint256 task,
    uint256 round,
    address trainer,
    bytes32 basis,
    Bn254.G1[] calldata references
  ) private view returns (bytes32 preset, uint256[] memory hUpdate) {
    bytes32 named;
    (preset, hUpdate, named) = ROUNDS.alignmentInputs(task, round, trainer);
    bytes32 kept = keccak256(abi.encode(hUpdate, named));
    require(basis == kept, BasisDiffers(task, round, basis, kept));
    bytes32 given = keccak256(abi.encode(references));
    require(given == named, ReferencesDiffer(task, round, given, named));
  }

  /// @dev Each chunk goes on from the totals of the one before, so none can be left out or shown twice.
  function _verify(
    bytes32 preset,
    uint256[] memory hUpdate,
    Bn254.G1[] calldata references,
    AlignmentChunk[] calldata chunks
  ) private view returns (bool) {
    uint256[][] memory signals = new uint256[][](chunks.length);
    uint256[8][] memory proofs = new uint256[8][](chunks.length);
    uint256 before;
    for (uint256 i; i < chunks.length; ++i) {
      uint256[] memory words = new uint256[](5);
      (words[0], words[1], words[2]) = (hUpdate[i], before, chunks[i].out);
      (words[3], words[4]) = (references[i].x, references[i].y);
      (signals[i], proofs[i]) = (words, chunks[i].proof);
      before = chunks[i].out;
    }
    return REGISTRY.verifyBatch(IVerifierRegistry.Circuit.Alignment, preset, signals, proofs);
  }

  /// @dev Who trained, and what each of them proved.
  function _gather(Cohort memory cohort, IRounds.Stage memory stage) private view {
    uint256[] memory groups = _groups(stage.sumsProven >> 1);
    uint256 n = stage.acceptedUpdates;
    (cohort.trainers, cohort.accounts, cohort.rows) =
    (new address[](n), new Alignment[](n), new int256[][](n));
    (cohort.absent, cohort.silent, cohort.buckets) = (new bool[](n), new bool[](n), new int256[](n));
    (address[] memory trainers,) = ROUNDS.committeeOf(cohort.task);
    uint256 k;
    for (uint256 i; i < trainers.length; ++i) {
      IRounds.Seat memory seat = ROUNDS.seatOf(cohort.task, trainers[i]);
      if (seat.submittedIn != cohort.round || !seat.accepted) continue;
      Alignment memory account = _alignments[cohort.task][trainers[i]];
      bool proven = account.round == cohort.round;
      (cohort.trainers[k], cohort.accounts[k]) = (trainers[i], account);
      cohort.rows[k] = _row(account.word, groups, proven);
      // The vote named references, so most of the validators' stake could read the sums, and every trainer too.
      cohort.absent[k] = !proven && seat.standing == Standing.Good && seat.excusedIn != cohort.round;
      cohort.silent[k] = proven && Scores.isSilent(account.word);
      if (proven && !cohort.silent[k]) cohort.buckets[cohort.sized++] = int256(Scores.bucket(account.word));
      ++k;
    }
    cohort.medians = new int256[](groups.length);
    int256[] memory column = new int256[](n);
    for (uint256 g; g < groups.length; ++g) {
      for (uint256 i; i < n; ++i) {
        column[i] = cohort.rows[i][g];
      }
      cohort.medians[g] = Scores.lowerMedian(column);
    }
  }

  /// @dev Of each trainer what the median group saw, and its weight; debts and credits after it.
  function _weigh(Cohort memory cohort) private pure {
    uint256 n = cohort.trainers.length;
    (cohort.seen, cohort.weights, cohort.rewards) = (new int256[](n), new uint256[](n), new uint256[](n));
    int256 toll = int256(uint256(cohort.rules.toll));
    int256 cap = int256(uint256(cohort.rules.cap));
    for (uint256 i; i < n; ++i) {
      Alignment memory account = cohort.accounts[i];
      if (cohort.silent[i]) continue;
      cohort.seen[i] = Scores.lowerMedian(cohort.rows[i]);
      (uint256 weight, uint256 debt) = Scores.weigh(account.debt, cohort.seen[i], toll, cap);
      cohort.weights[i] = weight;
      // forge-lint: disable-next-line(unsafe-typecast)
      account.debt = uint8(debt);
      // forge-lint: disable-next-line(unsafe-typecast)
      if (cohort.accepted) account.credit += uint32(weight);
    }
  }

  /// @dev Rewards are rounded down; the rest stays in the pot and goes back to the planner at the end. So does what a silent
  /// trainer's credit would give: nobody gains by a support on which others have to be silent.
  function _pay(Cohort memory cohort) private returns (uint256 paid) {
    uint256 n = cohort.trainers.length;
    uint256 pot = cohort.economics.roundReward;
    (uint256 weights, uint256 credits) = (0, 0);
    for (uint256 i; i < n; ++i) {
      (weights, credits) = (weights + cohort.weights[i], credits + cohort.accounts[i].credit);
    }
    uint256 whole = cohort.rules.reserve * n;
    if (whole < weights) whole = weights;
    for (uint256 i; i < n; ++i) {
      if (cohort.silent[i]) continue;
      uint256 part = Scores.reward(pot, cohort.weights[i], weights, whole, cohort.accounts[i].credit, credits);
      cohort.rewards[i] = part;
      paid += part;
      if (part > 0) VAULT.pay(cohort.task, cohort.trainers[i], part);
    }
  }

  /// @dev Strikes, and what stands of each trainer after the round.
  function _judge(Cohort memory cohort) private {
    int256 phi = int256(uint256(cohort.rules.phi));
    int256 floor = int256(uint256(cohort.rules.floor));
    for (uint256 i; i < cohort.trainers.length; ++i) {
      (address trainer, Alignment memory account) = (cohort.trainers[i], cohort.accounts[i]);
      Verdict said = cohort.silent[i]
        ? Verdict.Neither
        : Scores.verdict(cohort.rows[i], cohort.medians, phi, floor, account.credit > 0);
      uint256 level = Scores.levelAfter(account.level, said);
      // forge-lint: disable-next-line(unsafe-typecast)
      account.level = uint8(level);
      _alignments[cohort.task][trainer] = account;
      emit TrainerSettled(
        cohort.task, cohort.round, trainer, cohort.seen[i], cohort.weights[i], said, level, cohort.rewards[i]
      );
      if (level >= cohort.rules.ejectAt) ROUNDS.eject(cohort.task, trainer);
      if (!cohort.absent[i]) continue;
      ROUNDS.penalise(cohort.task, trainer, Fault.NoShow, cohort.economics.noShow, cohort.reporter);
    }
  }

  function _nextScale(Cohort memory cohort, uint256 scale) private view returns (uint64) {
    int256[] memory buckets = new int256[](cohort.sized);
    for (uint256 i; i < buckets.length; ++i) {
      buckets[i] = cohort.buckets[i];
    }
    TaskParameters memory p = MARKETPLACE.parametersOf(cohort.task);
    uint256 coordinates = uint256(p.chunks) * REGISTRY.presetInfo(p.preset).coordinatesPerChunk;
    return uint64(Scores.nextScale(scale, uint256(Scores.lowerMedian(buckets)), coordinates, p.target));
  }

  /// @dev The groups in a mask, ascending.
  function _groups(uint256 mask) private pure returns (uint256[] memory groups) {
    groups = new uint256[](8);
    uint256 count;
    for (uint256 g; mask >> g > 0; ++g) {
      if ((mask >> g) & 1 == 1) groups[count++] = g;
    }
    assembly ("memory-safe") {
      mstore(groups, count)
    }
  }

  function _row(uint256 word, uint256[] memory groups, bool proven)
    private
    pure
    returns (int256[] memory row)
  {
    row = new int256[](groups.length);
    for (uint256 k; k < row.length; ++k) {
      row[k] = proven ? Scores.score(word, groups[k]) : Scores.NO_SCORE;
    }
  }
}

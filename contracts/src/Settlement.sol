// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "./interfaces/IMarketplace.sol";
import { IRounds } from "./interfaces/IRounds.sol";
import { ISettlement } from "./interfaces/ISettlement.sol";
import { IVerifierRegistry } from "./interfaces/IVerifierRegistry.sol";
import {
  AlignmentChunk,
  Economics,
  Fault,
  Outcome,
  Rules,
  TaskParameters,
  TaskStatus
} from "./interfaces/Types.sol";
import { Scores } from "./libraries/Scores.sol";
import { System, Wired } from "./Wired.sol";

/// @title Settlement: who moved the model toward where the validators' data point, and what follows
/// @notice Scores, strikes and weights as in docs/encodings.md, "Scores".
contract Settlement is ISettlement, Wired {
  /// @dev A chunk's proven norm is far below; a larger word is a failed proof.
  uint256 private constant NORM_LIMIT = 2 ** 64;

  /// @dev What one settling works on. `trainers` are those with an accepted update, in the order of their seats.
  struct Cohort {
    uint256 task;
    uint256 round;
    address[] trainers;
    bool[] proven;
    int256[] cosines;
    int256[] norms;
    uint256 provenCount;
    int256 median;
    uint256 probeNorm;
    Rules rules;
    uint256 strike;
    address reporter;
    uint256 bounty;
    uint256 penalties;
    uint256 total;
  }

  mapping(uint256 task => mapping(address trainer => Alignment)) private _alignments;

  constructor(System memory system_) Wired(system_) { }

  /// @inheritdoc ISettlement
  function proveAlignment(
    uint256 task,
    uint256 round,
    address trainer,
    bytes32 basis,
    AlignmentChunk[] calldata chunks
  ) external returns (bool accepted) {
    require(_alignments[task][trainer].round != round, AlreadyProven(task, round, trainer));
    int256 score;
    uint256 norm;
    (accepted, score, norm) = _verify(task, round, trainer, basis, chunks);
    if (!accepted) {
      require(msg.sender == trainer, AlignmentProofFailed(task, round, trainer));
      emit AlignmentRejected(task, round, trainer);
      ROUNDS.penalise(
        task, trainer, Fault.InvalidProof, MARKETPLACE.economicsOf(task).invalidProof, address(0)
      );
      return false;
    }
    _record(task, round, trainer, score, norm);
  }

  /// @inheritdoc ISettlement
  function sharePenalties(uint256 task) external {
    IMarketplace.TaskState memory state = MARKETPLACE.stateOf(task);
    require(state.status == TaskStatus.Ended, NotEnded(task));
    require(state.openDisputes == 0, DisputesOpen(task, state.openDisputes));
    uint256 amount = VAULT.penaltiesOf(task);
    address[] memory standing = ROUNDS.inGoodStanding(task);
    emit PenaltiesShared(task, amount, standing.length);
    if (standing.length == 0) return VAULT.payPenalties(task, state.planner, amount);
    uint256 share = amount / standing.length;
    // The division's rest goes with the first share: nothing stays behind.
    VAULT.payPenalties(task, standing[0], amount - share * (standing.length - 1));
    for (uint256 i = 1; i < standing.length; ++i) {
      VAULT.payPenalties(task, standing[i], share);
    }
  }

  /// @inheritdoc ISettlement
  function open(uint256 task, address[] calldata trainers) external {
    require(msg.sender == address(ROUNDS), NotAllowed(msg.sender));
    // Writes the slot once (there is no round 0), so that the first proof does not pay for fresh storage.
    for (uint256 i; i < trainers.length; ++i) {
      _alignments[task][trainers[i]].norm = 1;
    }
  }

  /// @inheritdoc ISettlement
  function settle(uint256 task, Outcome verdict, address reporter) external returns (uint64 nextScale) {
    require(msg.sender == address(ROUNDS), NotAllowed(msg.sender));
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    Cohort memory cohort = _cohort(task, stage);
    cohort.rules = MARKETPLACE.rulesOf(task);
    cohort.reporter = reporter;
    Economics memory economics = MARKETPLACE.economicsOf(task);
    cohort.strike = economics.strike;
    if (verdict == Outcome.Accepted) {
      (cohort.bounty, cohort.penalties) = (economics.roundReward, VAULT.penaltiesOf(task));
    }
    cohort.total = _totalWeight(cohort);
    uint256 paid;
    for (uint256 i; i < cohort.trainers.length; ++i) {
      uint256 reward = _reward(cohort, i);
      paid += reward;
      _judge(cohort, i, reward);
    }
    nextScale = stage.scale;
    if (verdict == Outcome.Accepted && cohort.provenCount > 0) nextScale = _nextScale(cohort, stage.scale);
    emit RoundSettled(task, cohort.round, cohort.median, cohort.probeNorm, paid, nextScale);
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

  // ---- inside

  /// @dev At most 32 chunks: the score is below 2^68, the norm below 2^69.
  function _record(uint256 task, uint256 round, address trainer, int256 score, uint256 norm) private {
    Alignment storage alignment = _alignments[task][trainer];
    // forge-lint: disable-next-line(unsafe-typecast)
    (alignment.round, alignment.score, alignment.norm) = (uint32(round), int112(score), uint104(norm));
    emit AlignmentProven(task, round, trainer, score, norm);
  }

  /// @dev The sponges are those that `Rounds` stored, so the proof is about this update and this probe.
  function _verify(
    uint256 task,
    uint256 round,
    address trainer,
    bytes32 basis,
    AlignmentChunk[] calldata chunks
  ) private view returns (bool accepted, int256 score, uint256 norm) {
    (bytes32 preset, uint256[] memory hUpdate, uint256[] memory hReference) =
      ROUNDS.alignmentInputs(task, round, trainer);
    uint256 n = hUpdate.length;
    require(chunks.length == n, ChunkCount(chunks.length, n));
    bytes32 kept = keccak256(abi.encode(hUpdate, hReference));
    require(basis == kept, BasisDiffers(task, round, basis, kept));
    uint256[][] memory signals = new uint256[][](n);
    uint256[8][] memory proofs = new uint256[8][](n);
    bool inRange = true;
    for (uint256 i; i < n; ++i) {
      AlignmentChunk calldata chunk = chunks[i];
      (bool readable, int256 part) = Scores.readScore(chunk.score);
      if (!readable || chunk.norm >= NORM_LIMIT) {
        inRange = false;
        break;
      }
      (score, norm) = (score + part, norm + chunk.norm);
      signals[i] = new uint256[](5);
      (signals[i][0], signals[i][1], signals[i][2], signals[i][3]) =
        (hUpdate[i], hReference[i], chunk.score, chunk.norm);
      proofs[i] = chunk.proof;
    }
    accepted = inRange && REGISTRY.verifyBatch(IVerifierRegistry.Circuit.Alignment, preset, signals, proofs);
  }

  function _cohort(uint256 task, IRounds.Stage memory stage) private view returns (Cohort memory cohort) {
    (address[] memory trainers,) = ROUNDS.committeeOf(task);
    (cohort.task, cohort.round, cohort.probeNorm) = (task, stage.number, ROUNDS.probeNorm(task));
    uint256 n = stage.acceptedUpdates;
    cohort.trainers = new address[](n);
    cohort.proven = new bool[](n);
    cohort.cosines = new int256[](n);
    cohort.norms = new int256[](n);
    uint256 k;
    for (uint256 i; i < trainers.length; ++i) {
      IRounds.Seat memory seat = ROUNDS.seatOf(task, trainers[i]);
      if (seat.submittedIn != stage.number || !seat.accepted) continue;
      cohort.trainers[k] = trainers[i];
      Alignment storage alignment = _alignments[task][trainers[i]];
      if (alignment.round == stage.number) {
        cohort.proven[k] = true;
        cohort.cosines[k] = Scores.cosine(alignment.score, alignment.norm, cohort.probeNorm);
        cohort.norms[cohort.provenCount++] = int256(uint256(alignment.norm));
      }
      ++k;
    }
    cohort.median = Scores.lowerMedian(cohort.cosines);
  }

  function _totalWeight(Cohort memory cohort) private pure returns (uint256 total) {
    for (uint256 i; i < cohort.cosines.length; ++i) {
      total += Scores.rewardWeight(cohort.cosines[i], int256(uint256(cohort.rules.delta)));
    }
  }

  /// @dev Shares are rounded down; the rest stays where it was: the pot's goes back to the planner at the end, the
  /// penalties' into a later round or to the members.
  function _reward(Cohort memory cohort, uint256 i) private returns (uint256) {
    uint256 weight = Scores.rewardWeight(cohort.cosines[i], int256(uint256(cohort.rules.delta)));
    if (weight == 0) return 0;
    uint256 fromPot = cohort.bounty * weight / cohort.total;
    uint256 fromPenalties = cohort.penalties * weight / cohort.total;
    if (fromPot > 0) VAULT.pay(cohort.task, cohort.trainers[i], fromPot);
    if (fromPenalties > 0) VAULT.payPenalties(cohort.task, cohort.trainers[i], fromPenalties);
    return fromPot + fromPenalties;
  }

  /// @dev A strike costs `strike` times the strikes in a row; a round without one lets one fade.
  function _judge(Cohort memory cohort, uint256 i, uint256 reward) private {
    address trainer = cohort.trainers[i];
    Alignment storage alignment = _alignments[cohort.task][trainer];
    uint8 strikes = alignment.strikes;
    bool struck = Scores.isStrike(
      cohort.proven[i],
      cohort.cosines[i],
      cohort.median,
      int256(uint256(cohort.rules.signalFloor)),
      cohort.rules.phi
    );
    if (struck) {
      if (strikes < type(uint8).max) ++strikes;
    } else if (strikes > 0) {
      --strikes;
    }
    alignment.strikes = strikes;
    emit TrainerSettled(cohort.task, cohort.round, trainer, cohort.cosines[i], struck, strikes, reward);
    if (!struck) return;
    ROUNDS.penalise(cohort.task, trainer, Fault.Strike, cohort.strike * strikes, cohort.reporter);
    if (strikes >= cohort.rules.ejectAt) ROUNDS.eject(cohort.task, trainer);
  }

  function _nextScale(Cohort memory cohort, uint256 scale) private view returns (uint64) {
    int256[] memory norms = new int256[](cohort.provenCount);
    for (uint256 i; i < norms.length; ++i) {
      norms[i] = cohort.norms[i];
    }
    TaskParameters memory p = MARKETPLACE.parametersOf(cohort.task);
    uint256 coordinates = uint256(p.chunks) * REGISTRY.presetInfo(p.preset).coordinatesPerChunk;
    return uint64(Scores.nextScale(scale, uint256(Scores.lowerMedian(norms)), coordinates, p.target));
  }
}

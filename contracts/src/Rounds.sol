// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "./interfaces/IRounds.sol";
import { Fault, Outcome, Phase, Role, Standing } from "./interfaces/Types.sol";
import { Bn254 } from "./libraries/Bn254.sol";
import { AggregatePhase } from "./rounds/AggregatePhase.sol";
import { Grouping } from "./rounds/Grouping.sol";
import { InspectPhase } from "./rounds/InspectPhase.sol";
import { SubmitPhase } from "./rounds/SubmitPhase.sol";
import { SupportPhase } from "./rounds/SupportPhase.sol";
import { System, Wired } from "./Wired.sol";

/// @title Rounds: the state machine
/// @notice Support, Submit, Inspect, Aggregate, Commit, Reveal, Settle, and the next round. A phase ends when everybody has
/// done what it asks for, or at its deadline; then anyone pushes on. So a round always ends, whoever is silent.
contract Rounds is Grouping, SupportPhase, SubmitPhase, InspectPhase, AggregatePhase {
  constructor(System memory system_) Wired(system_) { }

  // ---- anyone

  /// @inheritdoc IRounds
  function advance(uint256 task) external {
    Book storage book = _books[task];
    Phase phase = book.stage.phase;
    require(phase != Phase.None && phase != Phase.Closed, WrongPhase(task, phase));
    require(
      // forge-lint: disable-next-line(block-timestamp)
      _complete(task, book, phase) || block.timestamp > book.stage.deadline,
      PhaseNotOver(task, book.stage.deadline)
    );
    if (phase == Phase.Support) {
      if (_closeSupport(task, book)) _openSubmit(task, book);
      else _close(task, book, Outcome.Void, book.stage.scale);
    } else if (phase == Phase.Submit) {
      if (_closeSubmit(task, book)) _enter(task, book, Phase.Inspect, book.terms.inspect);
      else _close(task, book, Outcome.Void, book.stage.scale);
    } else if (phase == Phase.Inspect) {
      if (_closeInspect(task, book)) _enter(task, book, Phase.Aggregate, book.terms.aggregate);
      else _close(task, book, Outcome.Void, book.stage.scale);
    } else if (phase == Phase.Aggregate) {
      if (_closeAggregate(task, book)) _enter(task, book, Phase.Commit, book.terms.commit);
      else _close(task, book, Outcome.Void, book.stage.scale);
    } else if (phase == Phase.Commit) {
      _enter(task, book, Phase.Reveal, book.terms.reveal);
    } else if (phase == Phase.Reveal) {
      (book.stage.verdict, book.candidate, book.references) = VALIDATION.tally(task, msg.sender);
      // Nothing that most stake computed: the sums' content may be kept back, and then nobody could prove an alignment.
      if (book.candidate == 0) _close(task, book, Outcome.Void, book.stage.scale);
      else _enter(task, book, Phase.Settle, book.terms.settle);
    } else {
      Outcome verdict = book.stage.verdict;
      if (verdict == Outcome.Accepted) book.model = book.candidate;
      _close(task, book, verdict, SETTLEMENT.settle(task, verdict, msg.sender));
    }
  }

  // ---- the other contracts

  /// @inheritdoc IRounds
  function start(
    uint256 task,
    bytes32 collectiveKey,
    address[] calldata trainers,
    uint16[] calldata weights,
    address[] calldata validators
  ) external {
    require(msg.sender == address(MARKETPLACE), NotAllowed(msg.sender));
    Book storage book = _books[task];
    require(book.stage.phase == Phase.None, WrongPhase(task, book.stage.phase));
    (book.terms, book.model, book.stage.scale) = MARKETPLACE.termsOf(task);
    book.trainers = trainers;
    book.validators = validators;
    for (uint256 i; i < trainers.length; ++i) {
      _seat(book, trainers[i], Role.Trainer, weights[i], i);
    }
    for (uint256 i; i < validators.length; ++i) {
      _seat(book, validators[i], Role.Validator, 1, i);
    }
    SETTLEMENT.open(task, trainers);
    book.lineage[0].basis = collectiveKey;
    book.stage.regroup = true;
    _open(task, book);
  }

  /// @inheritdoc IRounds
  function penalise(uint256 task, address account, Fault fault, uint256 amount, address reporter) external {
    _onlyJudges();
    _penalise(task, account, fault, amount, reporter);
  }

  /// @inheritdoc IRounds
  function eject(uint256 task, address account) external {
    _onlyJudges();
    _eject(task, _books[task], account);
  }

  /// @inheritdoc IRounds
  function suspend(uint256 task, address account) external {
    require(msg.sender == address(DISPUTES), NotAllowed(msg.sender));
    Book storage book = _books[task];
    if (book.seats[account].standing == Standing.Good) _setStanding(task, book, account, Standing.Suspended);
  }

  /// @inheritdoc IRounds
  function reinstate(uint256 task, address account) external {
    require(msg.sender == address(DISPUTES), NotAllowed(msg.sender));
    Book storage book = _books[task];
    Seat storage seat = book.seats[account];
    if (seat.standing != Standing.Suspended) return;
    seat.excusedIn = book.stage.number;
    _setStanding(task, book, account, Standing.Good);
  }

  // ---- inside

  function _complete(uint256 task, Book storage book, Phase phase) private view returns (bool) {
    if (phase == Phase.Support) return _supportComplete(book);
    if (phase == Phase.Submit) return _submitComplete(book);
    if (phase == Phase.Inspect) return _inspectComplete(task, book);
    if (phase == Phase.Aggregate) return _aggregateComplete(book);
    if (phase == Phase.Commit) return VALIDATION.isComplete(task, false);
    if (phase == Phase.Reveal) return VALIDATION.isComplete(task, true);
    return SETTLEMENT.isComplete(task);
  }

  function _enter(uint256 task, Book storage book, Phase phase, uint256 duration) private {
    book.stage.phase = phase;
    // forge-lint: disable-next-line(unsafe-typecast)
    uint64 deadline = uint64(block.timestamp + duration);
    book.stage.deadline = deadline;
    emit PhaseEntered(task, book.stage.number, phase, deadline);
  }

  /// @dev Storage for the sums is paid for when the first round comes so far, not by the first who submits; nor with the
  /// start, which would then be dearer than any transaction may be (EIP-7825). What stands in it does not matter.
  function _openSubmit(uint256 task, Book storage book) private {
    uint256 sums = book.sums[UPDATES][0].x > 0 ? 0 : 1 + book.stage.groups;
    for (uint256 i; i < sums * book.terms.chunks; ++i) {
      book.sums[i % sums][i / sums] = Bn254.generator1();
    }
    _enter(task, book, Phase.Submit, book.terms.submit);
  }

  /// @dev Writes the round into the lineage, and opens the next one or ends the task.
  function _close(uint256 task, Book storage book, Outcome outcome, uint64 nextScale) private {
    Stage storage stage = book.stage;
    Lineage storage lineage = book.lineage[stage.number];
    (lineage.outcome, lineage.weight, lineage.scale) = (outcome, stage.weight, stage.scale);
    lineage.model = book.model;
    emit RoundClosed(task, stage.number, outcome, book.model, stage.scale);
    stage.scale = nextScale;
    ++stage.concluded;
    bool enough = _standing(book, book.trainers) >= book.terms.minTrainers
      && _standing(book, book.validators) >= book.terms.minValidators;
    if (enough && stage.concluded < book.terms.rounds) return _open(task, book);
    _enter(task, book, Phase.Closed, 0);
    MARKETPLACE.end(task);
  }

  function _open(uint256 task, Book storage book) private {
    Stage storage stage = book.stage;
    ++stage.number;
    (stage.proposals, stage.acceptedUpdates, stage.acceptedProbes, stage.weight) = (0, 0, 0, 0);
    (stage.sumsBegun, stage.sumsDue, stage.sumsProven, stage.verdict) = (0, 0, 0, Outcome.Pending);
    stage.leader = uint8(_nextLeader(book, stage.number));
    book.lineage[stage.number].basis =
      keccak256(abi.encode(book.lineage[stage.number - 1].basis, book.model, stage.scale));
    if (stage.regroup) _drawGroups(task, book, stage.number);
    emit RoundOpened(task, stage.number, book.model, stage.scale, book.trainers[stage.leader]);
    _enter(task, book, Phase.Support, book.terms.support);
  }

  /// @dev Trainers in good standing take turns; fixed when the round opens, so that nobody becomes leader, and late,
  /// by another's suspension.
  function _nextLeader(Book storage book, uint256 round) private view returns (uint256 index) {
    uint256 turn = round % _standing(book, book.trainers);
    for (; index < book.trainers.length; ++index) {
      if (book.seats[book.trainers[index]].standing != Standing.Good) continue;
      if (turn == 0) return index;
      --turn;
    }
  }

  function _seat(Book storage book, address account, Role role, uint16 weight, uint256 index) private {
    Seat storage seat = book.seats[account];
    // forge-lint: disable-next-line(unsafe-typecast)
    (seat.role, seat.standing, seat.weight, seat.index) = (role, Standing.Good, weight, uint16(index));
  }

  function _onlyJudges() private view {
    require(
      msg.sender == address(SETTLEMENT) || msg.sender == address(VALIDATION)
        || msg.sender == address(DISPUTES),
      NotAllowed(msg.sender)
    );
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "./interfaces/IRounds.sol";
import { IValidation } from "./interfaces/IValidation.sol";
import { Economics, Fault, Judgement, Outcome, Phase, Role, Rules, Standing } from "./interfaces/Types.sol";
import { Ballot } from "./libraries/Ballot.sol";
import { System, Wired } from "./Wired.sol";

/// @title Validation: votes on the new model, committed, then revealed, and their median weighted by stake
contract Validation is IValidation, Wired {
  uint256 private constant MAX_QUALITY = 10_000;

  /// @dev What one tally works on.
  struct Count {
    uint256 task;
    uint256 round;
    address[] validators;
    IRounds.Seat[] seats;
    Ballot.Result result;
    address reporter;
    uint256 noShow;
    uint256 outlier;
    uint256 fee;
    int256 band;
    bool mostCommitted;
    bool mostRevealed;
  }

  mapping(uint256 task => mapping(address validator => Vote)) private _votes;

  constructor(System memory system_) Wired(system_) { }

  // ---- validators

  /// @inheritdoc IValidation
  function commitVote(uint256 task, uint256 round, bytes32 basis, bytes32 commitment) external {
    _checkOpen(task, round, Phase.Commit);
    Vote storage vote = _votes[task][msg.sender];
    require(vote.committedIn != round && vote.abstainedIn != round, AlreadyDone(task, round, msg.sender));
    bytes32 kept = ROUNDS.lineageOf(task, round).basis;
    require(basis == kept, BasisDiffers(task, round, basis, kept));
    // forge-lint: disable-next-line(unsafe-typecast)
    (vote.committedIn, vote.commitment) = (uint32(round), commitment);
    emit VoteCommitted(task, round, msg.sender, commitment);
  }

  /// @inheritdoc IValidation
  function abstain(uint256 task, uint256 round) external {
    _checkOpen(task, round, Phase.Commit);
    Vote storage vote = _votes[task][msg.sender];
    // Not after a commitment: who has seen others' votes cannot take its own back.
    require(vote.committedIn != round && vote.abstainedIn != round, AlreadyDone(task, round, msg.sender));
    // forge-lint: disable-next-line(unsafe-typecast)
    vote.abstainedIn = uint32(round);
    emit Abstained(task, round, msg.sender);
  }

  /// @inheritdoc IValidation
  function revealVote(uint256 task, uint256 round, Judgement calldata judgement, bytes32 salt) external {
    _checkOpen(task, round, Phase.Reveal);
    Vote storage vote = _votes[task][msg.sender];
    require(vote.revealedIn != round, AlreadyDone(task, round, msg.sender));
    bytes32 expected = voteCommitment(task, round, msg.sender, judgement, salt);
    require(vote.committedIn == round && vote.commitment == expected, VoteMismatch(msg.sender));
    require(judgement.quality <= MAX_QUALITY, QualityOutOfRange(judgement.quality));
    require(judgement.qualityBefore <= MAX_QUALITY, QualityOutOfRange(judgement.qualityBefore));
    require(judgement.model != 0, ModelMissing());
    // forge-lint: disable-next-line(unsafe-typecast)
    (vote.revealedIn, vote.judgement) = (uint32(round), judgement);
    emit VoteRevealed(task, round, msg.sender, judgement);
  }

  // ---- Rounds

  /// @inheritdoc IValidation
  function tally(uint256 task, address reporter)
    external
    returns (Outcome verdict, bytes32 model, bytes32 references)
  {
    require(msg.sender == address(ROUNDS), NotAllowed(msg.sender));
    Count memory count;
    (count.task, count.round, count.reporter) = (task, ROUNDS.stageOf(task).number, reporter);
    (, count.validators) = ROUNDS.committeeOf(task);
    Economics memory economics = MARKETPLACE.economicsOf(task);
    Rules memory rules = MARKETPLACE.rulesOf(task);
    (count.noShow, count.outlier, count.fee) = (economics.noShow, economics.outlier, economics.validatorFee);
    count.band = int256(uint256(rules.outlierBand));
    count.result = Ballot.count(_papers(count), rules.minGain);
    verdict = count.result.accepted ? Outcome.Accepted : Outcome.Rejected;
    (model, references) = (count.result.model, count.result.references);
    emit Tallied(
      task, count.round, verdict, model, references, uint256(count.result.quality), count.result.gain
    );
    for (uint256 i; i < count.validators.length; ++i) {
      _settle(count, i);
    }
  }

  // ---- views

  /// @inheritdoc IValidation
  function isComplete(uint256 task, bool revealing) external view returns (bool) {
    uint256 round = ROUNDS.stageOf(task).number;
    (, address[] memory validators) = ROUNDS.committeeOf(task);
    for (uint256 i; i < validators.length; ++i) {
      IRounds.Seat memory seat = ROUNDS.seatOf(task, validators[i]);
      Vote storage vote = _votes[task][validators[i]];
      if (!_expected(seat, round) || vote.abstainedIn == round) continue;
      // Who did not commit cannot reveal: nobody waits for it.
      bool committed = vote.committedIn == round;
      if (revealing ? committed && vote.revealedIn != round : !committed) return false;
    }
    return true;
  }

  /// @inheritdoc IValidation
  function voteOf(uint256 task, address validator) external view returns (Vote memory) {
    return _votes[task][validator];
  }

  /// @inheritdoc IValidation
  function voteCommitment(
    uint256 task,
    uint256 round,
    address validator,
    Judgement calldata judgement,
    bytes32 salt
  ) public pure returns (bytes32) {
    return keccak256(abi.encode(task, round, validator, judgement, salt));
  }

  // ---- inside

  function _checkOpen(uint256 task, uint256 round, Phase phase) private view {
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    require(stage.number == round && round != 0, WrongRound(task, round, stage.number));
    require(stage.phase == phase, NotVoting(task));
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= stage.deadline, PhaseOver(task, stage.deadline));
    IRounds.Seat memory seat = ROUNDS.seatOf(task, msg.sender);
    require(seat.role == Role.Validator && seat.standing == Standing.Good, NotValidator(task, msg.sender));
  }

  /// @dev Whether a missing vote is held against a validator.
  function _expected(IRounds.Seat memory seat, uint256 round) private pure returns (bool) {
    return seat.standing == Standing.Good && seat.excusedIn != round;
  }

  /// @dev One paper a validator in good standing; one that was not opened counts for nothing. Notes whether most of the
  /// stake committed and revealed: what most of it could read and do, anyone could, and only then is absence held against
  /// anybody. To abstain shows nothing of that.
  function _papers(Count memory count) private view returns (Ballot.Paper[] memory papers) {
    uint256 n = count.validators.length;
    papers = new Ballot.Paper[](n);
    count.seats = new IRounds.Seat[](n);
    (uint256 total, uint256 committed, uint256 revealed) = (0, 0, 0);
    for (uint256 i; i < n; ++i) {
      address validator = count.validators[i];
      count.seats[i] = ROUNDS.seatOf(count.task, validator);
      if (count.seats[i].standing != Standing.Good) continue;
      uint256 stake = VAULT.pledgeOf(count.task, validator);
      papers[i].stake = stake;
      total += stake;
      Vote storage vote = _votes[count.task][validator];
      if (vote.committedIn == count.round) committed += stake;
      if (vote.revealedIn != count.round) continue;
      revealed += stake;
      papers[i].judgement = vote.judgement;
    }
    (count.mostCommitted, count.mostRevealed) = (2 * committed > total, 2 * revealed > total);
  }

  function _settle(Count memory count, uint256 i) private {
    (IRounds.Seat memory seat, address validator) = (count.seats[i], count.validators[i]);
    Vote storage vote = _votes[count.task][validator];
    if (vote.abstainedIn == count.round) return;
    if (vote.revealedIn != count.round) {
      bool able = vote.committedIn == count.round ? count.mostRevealed : count.mostCommitted;
      if (able && _expected(seat, count.round)) {
        ROUNDS.penalise(count.task, validator, Fault.NoShow, count.noShow, count.reporter);
      }
    } else if (seat.standing == Standing.Good) {
      // Whoever makes a majority decides who is off it, and so must earn nothing by that: no part of it is the reporter's.
      if (Ballot.isOutlier(count.result, vote.judgement, count.band)) {
        ROUNDS.penalise(count.task, validator, Fault.Outlier, count.outlier, address(0));
      } else if (count.result.model != 0 && seat.submittedIn == count.round && seat.accepted) {
        VAULT.pay(count.task, validator, count.fee);
      }
    }
  }
}

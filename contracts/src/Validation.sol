// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "./interfaces/IRounds.sol";
import { IValidation } from "./interfaces/IValidation.sol";
import { Economics, Fault, Outcome, Phase, Role, Rules, Standing } from "./interfaces/Types.sol";
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
    uint256 band;
  }

  mapping(uint256 task => mapping(address validator => Vote)) private _votes;

  constructor(System memory system_) Wired(system_) { }

  // ---- validators

  /// @inheritdoc IValidation
  function commitVote(uint256 task, uint256 round, bytes32 basis, bytes32 commitment) external {
    _checkOpen(task, round, Phase.Commit);
    Vote storage vote = _votes[task][msg.sender];
    require(vote.committedIn != round, AlreadyDone(task, round, msg.sender));
    bytes32 kept = ROUNDS.voteBasis(task, round);
    require(basis == kept, BasisDiffers(task, round, basis, kept));
    // forge-lint: disable-next-line(unsafe-typecast)
    (vote.committedIn, vote.commitment) = (uint32(round), commitment);
    emit VoteCommitted(task, round, msg.sender, commitment);
  }

  /// @inheritdoc IValidation
  function revealVote(
    uint256 task,
    uint256 round,
    bytes32 model,
    uint16 quality,
    uint16 qualityBefore,
    bytes32 salt
  ) external {
    _checkOpen(task, round, Phase.Reveal);
    Vote storage vote = _votes[task][msg.sender];
    require(vote.revealedIn != round, AlreadyDone(task, round, msg.sender));
    bytes32 expected = voteCommitment(task, round, msg.sender, model, quality, qualityBefore, salt);
    require(vote.committedIn == round && vote.commitment == expected, VoteMismatch(msg.sender));
    require(quality <= MAX_QUALITY, QualityOutOfRange(quality));
    require(qualityBefore <= MAX_QUALITY, QualityOutOfRange(qualityBefore));
    require(model != 0, ModelMissing());
    // forge-lint: disable-next-line(unsafe-typecast)
    (vote.revealedIn, vote.quality, vote.qualityBefore) = (uint32(round), quality, qualityBefore);
    vote.model = model;
    emit VoteRevealed(task, round, msg.sender, model, quality, qualityBefore);
  }

  // ---- Rounds

  /// @inheritdoc IValidation
  function tally(uint256 task, address reporter) external returns (Outcome verdict, bytes32 model) {
    require(msg.sender == address(ROUNDS), NotAllowed(msg.sender));
    Count memory count;
    (count.task, count.round, count.reporter) = (task, ROUNDS.stageOf(task).number, reporter);
    (, count.validators) = ROUNDS.committeeOf(task);
    Economics memory economics = MARKETPLACE.economicsOf(task);
    Rules memory rules = MARKETPLACE.rulesOf(task);
    (count.noShow, count.outlier, count.fee) = (economics.noShow, economics.outlier, economics.validatorFee);
    count.band = rules.outlierBand;
    count.result = Ballot.count(_papers(count), rules.minGain);
    (verdict, model) = (count.result.accepted ? Outcome.Accepted : Outcome.Rejected, count.result.model);
    emit Tallied(task, count.round, verdict, model, count.result.quality, count.result.gain);
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
      if (!_expected(seat, round)) continue;
      Vote storage vote = _votes[task][validators[i]];
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
    bytes32 model,
    uint16 quality,
    uint16 qualityBefore,
    bytes32 salt
  ) public pure returns (bytes32) {
    return keccak256(abi.encode(task, round, validator, model, quality, qualityBefore, salt));
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

  /// @dev One paper a validator in good standing; an unopened one counts for no model.
  function _papers(Count memory count) private view returns (Ballot.Paper[] memory papers) {
    uint256 n = count.validators.length;
    papers = new Ballot.Paper[](n);
    count.seats = new IRounds.Seat[](n);
    for (uint256 i; i < n; ++i) {
      address validator = count.validators[i];
      count.seats[i] = ROUNDS.seatOf(count.task, validator);
      if (count.seats[i].standing != Standing.Good) continue;
      papers[i].stake = VAULT.pledgeOf(count.task, validator);
      Vote storage vote = _votes[count.task][validator];
      if (vote.revealedIn != count.round) continue;
      papers[i].model = vote.model;
      papers[i].quality = int256(uint256(vote.quality));
      papers[i].gain = int256(uint256(vote.quality)) - int256(uint256(vote.qualityBefore));
    }
  }

  function _settle(Count memory count, uint256 i) private {
    (IRounds.Seat memory seat, address validator) = (count.seats[i], count.validators[i]);
    Vote storage vote = _votes[count.task][validator];
    if (vote.revealedIn != count.round) {
      // Without a majority, whoever did not even commit may have been kept from the sums: that is not held against it.
      bool able = count.result.model != 0 || vote.committedIn == count.round;
      if (able && _expected(seat, count.round)) {
        ROUNDS.penalise(count.task, validator, Fault.NoShow, count.noShow, count.reporter);
      }
    } else if (seat.standing == Standing.Good) {
      if (Ballot.isOutlier(count.result, vote.model, vote.quality, count.band)) {
        ROUNDS.penalise(count.task, validator, Fault.Outlier, count.outlier, count.reporter);
      } else if (seat.submittedIn == count.round && seat.accepted) {
        VAULT.pay(count.task, validator, count.fee);
      }
    }
  }
}

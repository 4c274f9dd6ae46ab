// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IExclusions } from "./interfaces/IExclusions.sol";
import { IRounds } from "./interfaces/IRounds.sol";
import { Phase, Role, Standing } from "./interfaces/Types.sol";
import { Bn254 } from "./libraries/Bn254.sol";
import { Sifting } from "./Sifting.sol";
import { System, Wired } from "./Wired.sol";

/// @title Exclusions: validators vote a submission out of its sum, a draw leaves updates out
/// @notice Counts votes, and computes the sum without the submission, which `Rounds` then keeps.
contract Exclusions is Sifting {
  using Bn254 for Bn254.G1;

  /// @dev Votes against an account. One slot, which later rounds write over.
  struct Tally {
    uint32 round;
    uint32 votes;
  }

  mapping(uint256 task => mapping(address account => Tally)) private _tallies;

  constructor(System memory system_) Wired(system_) { }

  /// @inheritdoc IExclusions
  function voteToExclude(uint256 task, uint256 round, address account, Bn254.G1[] calldata commitments)
    external
  {
    // forge-lint: disable-next-line(incorrect-shift)
    uint256 bit = 1 << _voter(task, round, account);
    IRounds.Seat memory seat = _submitted(task, round, account, commitments);
    uint256 votes = votesAgainst(task, round, account);
    require(votes & bit == 0, AlreadyVoted(task, round, msg.sender, account));
    // forge-lint: disable-next-line(unsafe-typecast)
    _tallies[task][account] = Tally(uint32(round), uint32(votes | bit));
    emit ExclusionVoted(task, round, account, msg.sender);
    if (_isMajority(task, votes | bit)) {
      ROUNDS.exclude(task, round, account, _without(task, seat, commitments));
    }
  }

  /// @inheritdoc IExclusions
  function leaveOut(uint256 task, uint256 round, address account, Bn254.G1[] calldata commitments) external {
    IRounds.Seat memory seat = _submitted(task, round, account, commitments);
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    bool found;
    address[] memory drawn = surplus(task);
    for (uint256 i; i < drawn.length; ++i) {
      if (drawn[i] == account) found = true;
    }
    require(found && stage.number == round && _isSettled(task, stage), NotLeftOut(task, round, account));
    ROUNDS.leaveOut(task, round, account, _without(task, seat, commitments));
  }

  /// @inheritdoc IExclusions
  function votesAgainst(uint256 task, uint256 round, address account) public view returns (uint256) {
    Tally storage tally = _tallies[task][account];
    return tally.round == round ? tally.votes : 0;
  }

  /// @dev The seat of an account whose accepted submission of this round has these commitments.
  function _submitted(uint256 task, uint256 round, address account, Bn254.G1[] calldata commitments)
    private
    view
    returns (IRounds.Seat memory seat)
  {
    seat = ROUNDS.seatOf(task, account);
    require(seat.accepted && seat.submittedIn == round, NotAccepted(task, round, account));
    require(
      keccak256(abi.encode(commitments)) == ROUNDS.submissionOf(task, account),
      CommitmentsDiffer(task, round, account)
    );
  }

  /// @dev The sender's place among the validators; it may vote on this account now.
  function _voter(uint256 task, uint256 round, address account) private view returns (uint256 index) {
    IRounds.Stage memory stage = ROUNDS.stageOf(task);
    IRounds.Seat memory seat = ROUNDS.seatOf(task, msg.sender);
    require(
      // forge-lint: disable-next-line(block-timestamp)
      stage.number == round && stage.phase == Phase.Inspect && block.timestamp <= stage.deadline
        && seat.role == Role.Validator && seat.standing == Standing.Good && seat.inspectedIn != round
        && msg.sender != account,
      NotInspecting(task, round, msg.sender)
    );
    return seat.index;
  }

  /// @dev Whether these validators, those of them in good standing, have more than half of the stake of all that were not
  /// ejected. Were the accused or the suspended left out of the whole, a minority could make itself the majority.
  function _isMajority(uint256 task, uint256 votes) private view returns (bool) {
    (, address[] memory validators) = ROUNDS.committeeOf(task);
    (uint256 behind, uint256 total) = (0, 0);
    for (uint256 i; i < validators.length; ++i) {
      Standing standing = ROUNDS.seatOf(task, validators[i]).standing;
      if (standing == Standing.Ejected) continue;
      uint256 stake = VAULT.pledgeOf(task, validators[i]);
      total += stake;
      if (standing == Standing.Good && (votes >> i) & 1 == 1) behind += stake;
    }
    return 2 * behind > total;
  }

  /// @dev Whether all validators have inspected, or had three quarters of the phase for it. Whoever is excluded after others
  /// were left out leaves too few for the round.
  function _isSettled(uint256 task, IRounds.Stage memory stage) private view returns (bool) {
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp + MARKETPLACE.deadlinesOf(task).inspect / 4 >= stage.deadline) return true;
    (, address[] memory validators) = ROUNDS.committeeOf(task);
    for (uint256 i; i < validators.length; ++i) {
      IRounds.Seat memory seat = ROUNDS.seatOf(task, validators[i]);
      if (seat.standing == Standing.Good && seat.inspectedIn != stage.number) return false;
    }
    return true;
  }

  /// @dev The running sum less `weight * commitment`, chunk by chunk. Points of an accepted submission are on the curve.
  function _without(uint256 task, IRounds.Seat memory seat, Bn254.G1[] calldata commitments)
    private
    view
    returns (Bn254.G1[] memory totals)
  {
    totals = new Bn254.G1[](commitments.length);
    for (uint256 i; i < totals.length; ++i) {
      Bn254.G1 memory commitment = commitments[i];
      totals[i] = ROUNDS.sumOf(task, seat.sum, i).add(commitment.mul(Bn254.R - seat.weight));
    }
  }
}

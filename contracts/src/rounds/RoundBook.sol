// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { Fault, Phase, Role, Standing, Terms } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Wired } from "../Wired.sol";

/// @title The books of the rounds: stages, seats, running sums, lineage, and how they are read
/// @notice What belongs to the current round only (sums, sponges, votes) stands in slots that each round writes over:
/// a seat's `submittedIn` and the like tell whether they are of this round. So only a task's first round pays for
/// fresh storage.
abstract contract RoundBook is IRounds, Wired {
  struct Book {
    Stage stage;
    Terms terms;
    bytes32 model;
    bytes32 candidate;
    bytes32 references;
    address[] trainers;
    address[] validators;
    mapping(address account => Seat) seats;
    mapping(uint256 sum => mapping(uint256 chunk => Bn254.G1)) sums;
    mapping(address trainer => mapping(uint256 chunk => uint256)) sponges;
    mapping(address account => bytes32) submissions;
    mapping(uint256 round => Lineage) lineage;
  }

  /// @dev The sum of the updates; `1 + g` is that of group g's probes.
  uint256 internal constant UPDATES = 0;

  mapping(uint256 task => Book) internal _books;

  // ---- views

  /// @inheritdoc IRounds
  function stageOf(uint256 task) external view returns (Stage memory) {
    return _books[task].stage;
  }

  /// @inheritdoc IRounds
  function seatOf(uint256 task, address account) external view returns (Seat memory) {
    return _books[task].seats[account];
  }

  /// @inheritdoc IRounds
  function committeeOf(uint256 task) external view returns (address[] memory, address[] memory) {
    return (_books[task].trainers, _books[task].validators);
  }

  /// @inheritdoc IRounds
  function leaderOf(uint256 task) external view returns (address) {
    Book storage book = _books[task];
    return book.trainers[book.stage.leader];
  }

  /// @inheritdoc IRounds
  function sumOf(uint256 task, uint256 sum, uint256 chunk) external view returns (Bn254.G1 memory) {
    return _books[task].sums[sum][chunk];
  }

  /// @inheritdoc IRounds
  function submissionOf(uint256 task, address account) external view returns (bytes32) {
    return _books[task].submissions[account];
  }

  /// @inheritdoc IRounds
  function alignmentInputs(uint256 task, uint256 round, address trainer)
    external
    view
    returns (bytes32 preset, uint256[] memory hUpdate, bytes32 references)
  {
    Book storage book = _current(task, round, Phase.Settle);
    Seat storage seat = book.seats[trainer];
    require(
      seat.role == Role.Trainer && seat.submittedIn == round && seat.accepted,
      NoAcceptedUpdate(task, round, trainer)
    );
    (preset, references) = (book.terms.preset, book.references);
    hUpdate = new uint256[](book.terms.chunks);
    for (uint256 i; i < hUpdate.length; ++i) {
      hUpdate[i] = book.sponges[trainer][i];
    }
  }

  /// @inheritdoc IRounds
  function modelOf(uint256 task) external view returns (bytes32) {
    return _books[task].model;
  }

  /// @inheritdoc IRounds
  function lineageOf(uint256 task, uint256 round) external view returns (Lineage memory) {
    return _books[task].lineage[round];
  }

  // ---- shared by the phases

  /// @dev The books of a task whose current round and phase are these, before the deadline (inclusive).
  function _current(uint256 task, uint256 round, Phase phase) internal view returns (Book storage book) {
    book = _books[task];
    Stage storage stage = book.stage;
    require(stage.number == round && round != 0, WrongRound(task, round, stage.number));
    require(stage.phase == phase, WrongPhase(task, stage.phase));
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= stage.deadline, PhaseOver(task, stage.deadline));
  }

  /// @dev Whoever worked on something else than what stands here is told so, and not judged.
  function _sameBasis(uint256 task, uint256 round, bytes32 stated, bytes32 kept) internal pure {
    require(stated == kept, BasisDiffers(task, round, stated, kept));
  }

  /// @dev The sender's seat; it must be of this role and in good standing.
  function _ownSeat(uint256 task, Book storage book, Role role) internal view returns (Seat storage seat) {
    seat = book.seats[msg.sender];
    require(seat.role == role && seat.standing == Standing.Good, NotMember(task, msg.sender, role));
  }

  /// @dev Slashes a member; below the floor it loses its seat.
  /// @param reporter gets the reporter's share; zero: nobody reported, all is burnt.
  function _penalise(uint256 task, address account, Fault fault, uint256 amount, address reporter) internal {
    Book storage book = _books[task];
    Terms storage terms = book.terms;
    (uint256 taken, uint256 left) =
      VAULT.slash(task, account, amount, reporter, reporter == address(0) ? 0 : terms.reporterBps);
    emit Penalised(task, book.stage.number, account, fault, taken);
    if (left < terms.stakeFloor) _eject(task, book, account);
  }

  function _eject(uint256 task, Book storage book, address account) internal {
    if (book.seats[account].standing == Standing.Ejected) return;
    _setStanding(task, book, account, Standing.Ejected);
    if (book.seats[account].role == Role.Validator) book.stage.regroup = true;
    MARKETPLACE.markEjected(task, account);
  }

  /// @dev The bit of a sum in a mask. There are eight sums at most.
  function _bit(uint256 sum) internal pure returns (uint8) {
    // forge-lint: disable-next-line(unsafe-typecast, incorrect-shift)
    return uint8(1 << sum);
  }

  /// @dev Whether a mask has a sum's bit.
  function _has(uint256 mask, uint256 sum) internal pure returns (bool) {
    return (mask >> sum) & 1 == 1;
  }

  function _setStanding(uint256 task, Book storage book, address account, Standing standing) internal {
    book.seats[account].standing = standing;
    emit StandingChanged(task, account, standing);
  }

  /// @dev The last round in which a member did a duty: how the functions below are told which duty is meant.
  function _proposedIn(Seat storage seat) internal view returns (uint32) {
    return seat.proposedIn;
  }

  /// @dev Likewise, of an update or a probe.
  function _submittedIn(Seat storage seat) internal view returns (uint32) {
    return seat.submittedIn;
  }

  /// @dev Likewise, of looking at what was submitted.
  function _inspectedIn(Seat storage seat) internal view returns (uint32) {
    return seat.inspectedIn;
  }

  /// @dev Whether a member missed a duty of this round that it could have done.
  function _owes(Book storage book, Seat storage seat, function(Seat storage) view returns (uint32) doneIn)
    internal
    view
    returns (bool)
  {
    uint256 round = book.stage.number;
    return seat.standing == Standing.Good && doneIn(seat) != round && seat.excusedIn != round;
  }

  /// @dev Whether nobody of the list owes the duty.
  function _allDid(
    Book storage book,
    address[] storage list,
    function(Seat storage) view returns (uint32) doneIn
  ) internal view returns (bool) {
    for (uint256 i; i < list.length; ++i) {
      if (_owes(book, book.seats[list[i]], doneIn)) return false;
    }
    return true;
  }

  /// @dev Whether more than half of the stake of the validators in good standing did the duty in this round. What most
  /// of that stake could read, anyone could; so only then is absence held against anybody.
  function _mostDid(uint256 task, Book storage book, function(Seat storage) view returns (uint32) doneIn)
    internal
    view
    returns (bool)
  {
    uint256 there;
    uint256 total;
    for (uint256 i; i < book.validators.length; ++i) {
      Seat storage seat = book.seats[book.validators[i]];
      if (seat.standing != Standing.Good) continue;
      uint256 stake = VAULT.pledgeOf(task, book.validators[i]);
      total += stake;
      if (doneIn(seat) == book.stage.number) there += stake;
    }
    return 2 * there > total;
  }

  /// @dev Slashes each of the list that owes the duty.
  function _penaliseAbsent(
    uint256 task,
    Book storage book,
    address[] storage list,
    function(Seat storage) view returns (uint32) doneIn
  ) internal {
    for (uint256 i; i < list.length; ++i) {
      if (_owes(book, book.seats[list[i]], doneIn)) _penaliseNoShow(task, book, list[i]);
    }
  }

  function _penaliseNoShow(uint256 task, Book storage book, address account) internal {
    _penalise(task, account, Fault.NoShow, book.terms.noShow, msg.sender);
  }

  /// @dev Whether there are enough updates for a sum that hides each of them, and enough probes, two in one group at least.
  function _enoughSubmitted(Book storage book) internal view returns (bool) {
    Stage storage stage = book.stage;
    return stage.acceptedUpdates >= book.terms.minTrainers && stage.acceptedProbes >= book.terms.minValidators
      && stage.sumsDue >> 1 > 0;
  }

  function _standing(Book storage book, address[] storage list) internal view returns (uint256 count) {
    for (uint256 i; i < list.length; ++i) {
      if (book.seats[list[i]].standing == Standing.Good) ++count;
    }
  }
}

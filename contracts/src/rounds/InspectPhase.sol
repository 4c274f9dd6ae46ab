// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { Fault, Phase, Role } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title Inspect: validators look at the content behind the digests, before anything is opened
/// @notice The chain sees digests. Content that is missing, or whose encryption proof fails, would keep a sum from
/// opening; so its author is taken out of the sum first (`Exclusions`). It is a phase of its own, because decryption
/// shares of a sum, and of the same sum without one member, would show that member's update: nobody gives a share before
/// the phase is over, and after it nobody can be excluded.
abstract contract InspectPhase is RoundBook {
  /// @inheritdoc IRounds
  function inspect(uint256 task, uint256 round) external {
    Book storage book = _current(task, round, Phase.Inspect);
    Seat storage seat = _ownSeat(task, book, Role.Validator);
    require(seat.inspectedIn != round, AlreadyDone(task, round, msg.sender));
    // forge-lint: disable-next-line(unsafe-typecast)
    seat.inspectedIn = uint32(round);
    emit Inspected(task, round, msg.sender);
  }

  /// @inheritdoc IRounds
  function exclude(uint256 task, uint256 round, address account, Bn254.G1[] calldata totals) external {
    Book storage book = _takeOut(task, round, account, totals);
    emit Excluded(task, round, account, book.seats[account].sum);
    _penalise(task, account, Fault.Excluded, book.terms.invalidProof, address(0));
  }

  /// @inheritdoc IRounds
  function leaveOut(uint256 task, uint256 round, address account, Bn254.G1[] calldata totals) external {
    _takeOut(task, round, account, totals);
    emit LeftOut(task, round, account);
  }

  function _takeOut(uint256 task, uint256 round, address account, Bn254.G1[] calldata totals)
    private
    returns (Book storage book)
  {
    require(msg.sender == address(EXCLUSIONS), NotAllowed(msg.sender));
    book = _current(task, round, Phase.Inspect);
    Seat storage seat = book.seats[account];
    seat.accepted = false;
    uint256 sum = seat.sum;
    for (uint256 i; i < totals.length; ++i) {
      book.sums[sum][i] = totals[i];
    }
    Stage storage stage = book.stage;
    if (sum == UPDATES) {
      --stage.acceptedUpdates;
      stage.weight -= seat.weight;
    } else {
      --stage.acceptedProbes;
    }
    // One submission that is left alone is its author's.
    if (_acceptedIn(book, sum) < 2) stage.sumsDue &= ~_bit(sum);
  }

  function _inspectComplete(uint256 task, Book storage book) internal view returns (bool) {
    return _allDid(book, book.validators, _inspectedIn) && EXCLUSIONS.isSifted(task);
  }

  /// @dev What nobody could inspect, since no store answered, is held against nobody. What a round is to
  /// leave out and nobody left out would keep its sum closed again.
  /// @return whether enough is left for the round to go on.
  function _closeInspect(uint256 task, Book storage book) internal returns (bool) {
    if (_mostDid(task, book, _inspectedIn)) _penaliseAbsent(task, book, book.validators, _inspectedIn);
    return _enoughSubmitted(book) && EXCLUSIONS.isSifted(task);
  }

  /// @dev Members whose submissions a sum is of.
  function _acceptedIn(Book storage book, uint256 sum) private view returns (uint256 count) {
    address[] storage list = sum == UPDATES ? book.trainers : book.validators;
    for (uint256 i; i < list.length; ++i) {
      Seat storage seat = book.seats[list[i]];
      if (seat.accepted && seat.sum == sum && seat.submittedIn == book.stage.number) ++count;
    }
  }
}

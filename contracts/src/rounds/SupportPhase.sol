// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { Fault, Phase, Role, Selector } from "../interfaces/Types.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title Support: who proposes coordinates, and who failed to
/// @notice The support itself is a public function of the proposals, which everyone computes: nobody is trusted to
/// merge them, so no merged digest is kept, only the chain of the proposals, which every submission states.
abstract contract SupportPhase is RoundBook {
  /// @inheritdoc IRounds
  function propose(uint256 task, uint256 round, bytes32 digest) external {
    Book storage book = _current(task, round, Phase.Support);
    Seat storage seat;
    if (book.terms.selector == Selector.Leader) {
      seat = _ownSeat(task, book, Role.Trainer);
      address leader = book.trainers[book.stage.leader];
      require(msg.sender == leader, NotLeader(task, msg.sender, leader));
    } else {
      seat = _ownSeat(task, book, Role.Validator);
    }
    require(seat.proposedIn != round, AlreadyDone(task, round, msg.sender));
    // forge-lint: disable-next-line(unsafe-typecast)
    seat.proposedIn = uint32(round);
    ++book.stage.proposals;
    Lineage storage lineage = book.lineage[round];
    lineage.basis = keccak256(abi.encode(lineage.basis, msg.sender, digest));
    emit SupportProposed(task, round, msg.sender, digest);
  }

  function _supportComplete(Book storage book) internal view returns (bool) {
    uint256 round = book.stage.number;
    if (book.terms.selector == Selector.Leader) return book.stage.proposals == 1;
    for (uint256 i; i < book.validators.length; ++i) {
      Seat storage seat = book.seats[book.validators[i]];
      if (_owes(seat, round, seat.proposedIn)) return false;
    }
    return true;
  }

  /// @return whether there is a support.
  function _closeSupport(uint256 task, Book storage book) internal returns (bool) {
    uint256 round = book.stage.number;
    uint256 amount = book.terms.noShow;
    if (book.terms.selector == Selector.Leader) {
      address leader = book.trainers[book.stage.leader];
      Seat storage seat = book.seats[leader];
      if (_owes(seat, round, seat.proposedIn)) _penalise(task, leader, Fault.NoShow, amount, msg.sender);
    } else {
      for (uint256 i; i < book.validators.length; ++i) {
        address validator = book.validators[i];
        Seat storage seat = book.seats[validator];
        if (_owes(seat, round, seat.proposedIn)) {
          _penalise(task, validator, Fault.NoShow, amount, msg.sender);
        }
      }
    }
    return book.stage.proposals > 0;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IRounds } from "../interfaces/IRounds.sol";
import { Outcome, Phase, Role, Selector } from "../interfaces/Types.sol";
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
    if (book.terms.selector == Selector.Leader) return book.stage.proposals == 1;
    return _allDid(book, book.validators, _proposedIn);
  }

  /// @dev Who proposes trains from the model that the last round left. If its sums' content was kept back, many cannot;
  /// so an absent validator is slashed only where most of the validators' stake proposed, and an absent leader, who is
  /// alone, only where a majority named a model in the round before.
  /// @return whether there is a support.
  function _closeSupport(uint256 task, Book storage book) internal returns (bool) {
    if (book.terms.selector == Selector.Leader) {
      address leader = book.trainers[book.stage.leader];
      bool owes = _owes(book, book.seats[leader], _proposedIn);
      if (owes && _lastRoundWasRead(book)) _penaliseNoShow(task, book, leader);
    } else if (_mostDid(task, book, _proposedIn)) {
      _penaliseAbsent(task, book, book.validators, _proposedIn);
    }
    return book.stage.proposals > 0;
  }

  /// @dev The first round trains from the planner's model, which every member has since it joined.
  function _lastRoundWasRead(Book storage book) private view returns (bool) {
    Outcome last = book.lineage[book.stage.number - 1].outcome;
    return book.stage.number == 1 || last == Outcome.Accepted || last == Outcome.Rejected;
  }
}

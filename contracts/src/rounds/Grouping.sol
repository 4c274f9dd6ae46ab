// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Standing } from "../interfaces/Types.sol";
import { Groups } from "../libraries/Groups.sol";
import { RoundBook } from "./RoundBook.sol";

/// @title Groups: whose probes are opened together
/// @notice Drawn when the rounds start, and again only where a validator's seat has ended: sums over ever other groups
/// would give single probes away. Nobody knows the draw when validators join, since its seed is `prevrandao` of the block
/// that starts the rounds. Who starts them may wait for a block whose draw it likes, and its proposer may withhold it:
/// that moves accounts between groups, and what so many groups tolerate is counted by the worst draw.
abstract contract Grouping is RoundBook {
  /// @dev Before the round `number` begins.
  function _drawGroups(uint256 task, Book storage book, uint256 number) internal {
    address[] memory order = _seated(book);
    Groups.shuffle(order, keccak256(abi.encode(block.prevrandao, book.lineage[number].basis)));
    uint256 groups = Groups.count(order.length);
    for (uint256 i; i < order.length; ++i) {
      // forge-lint: disable-next-line(unsafe-typecast)
      book.seats[order[i]].sum = uint8(1 + i % groups);
    }
    // forge-lint: disable-next-line(unsafe-typecast)
    (book.stage.groups, book.stage.regroup) = (uint8(groups), false);
    emit GroupsDrawn(task, number, groups, order);
  }

  /// @dev The validators whose seats have not ended, the suspended among them.
  function _seated(Book storage book) private view returns (address[] memory seated) {
    seated = book.validators;
    uint256 kept;
    for (uint256 i; i < seated.length; ++i) {
      if (book.seats[seated[i]].standing != Standing.Ejected) seated[kept++] = seated[i];
    }
    assembly ("memory-safe") {
      mstore(seated, kept)
    }
  }
}

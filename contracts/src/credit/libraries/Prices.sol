// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { ILendingPool } from "../interfaces/ILendingPool.sol";
import { IPriceFeed } from "../interfaces/IPriceFeed.sol";

/// @title When an answer of a price feed is believed
library Prices {
  /// @dev After a rollup's sequencer came back: borrowers may act before they are liquidated.
  uint256 private constant RECOVERY = 1 hours;

  /// @notice The feed's answer. Reverts where it is stale, from the future, zero, negative, or out of bounds, and where the
  /// rollup's sequencer is down or has just come back.
  function read(IPriceFeed feed, IPriceFeed sequencer, uint256 maxAge, uint256 min, uint256 max)
    internal
    view
    returns (uint256)
  {
    if (address(sequencer) != address(0)) _checkSequencer(sequencer);
    (, int256 answer,, uint256 updatedAt,) = feed.latestRoundData();
    // forge-lint: disable-next-line(block-timestamp)
    bool fresh = updatedAt <= block.timestamp && block.timestamp - updatedAt <= maxAge;
    require(fresh, ILendingPool.PriceStale(updatedAt, maxAge));
    // The lower bound is above zero.
    // forge-lint: disable-next-line(unsafe-typecast)
    bool within = answer > 0 && uint256(answer) >= min && uint256(answer) <= max;
    require(within, ILendingPool.PriceOutOfBounds(answer, min, max));
    // forge-lint: disable-next-line(unsafe-typecast)
    return uint256(answer);
  }

  /// @dev Its answer is 0 while the sequencer is up, since `startedAt`; a round that never started has none.
  function _checkSequencer(IPriceFeed sequencer) private view {
    (, int256 down, uint256 since,,) = sequencer.latestRoundData();
    // forge-lint: disable-next-line(block-timestamp)
    bool up = down == 0 && since != 0 && block.timestamp > since + RECOVERY;
    require(up, ILendingPool.SequencerDown(since));
  }
}

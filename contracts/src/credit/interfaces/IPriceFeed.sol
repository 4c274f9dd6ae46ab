// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title What is used of Chainlink's AggregatorV3Interface
interface IPriceFeed {
  function decimals() external view returns (uint8);

  /// @notice The latest answer. A round's id says nothing here: a proxy counts phases in its high bits, and
  /// `answeredInRound` is no longer kept.
  function latestRoundData()
    external
    view
    returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

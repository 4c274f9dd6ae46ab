// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IPriceFeed } from "../../src/credit/interfaces/IPriceFeed.sol";

/// @title A price feed that says what it is told; its rounds' ids are a proxy's, with the phase in the high bits
contract SettableFeed is IPriceFeed {
  uint8 public immutable decimals;
  uint80 private _round = (uint80(7) << 64) + 1;
  int256 private _answer;
  uint256 private _startedAt;
  uint256 private _updatedAt;

  constructor(uint8 decimals_, int256 answer) {
    decimals = decimals_;
    set(answer, block.timestamp);
  }

  function set(int256 answer, uint256 updatedAt) public {
    ++_round;
    (_answer, _startedAt, _updatedAt) = (answer, updatedAt, updatedAt);
  }

  function set(int256 answer) external {
    set(answer, block.timestamp);
  }

  /// @dev `answeredInRound` is 0, as where it is no longer kept.
  function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
    return (_round, _answer, _startedAt, _updatedAt, 0);
  }
}

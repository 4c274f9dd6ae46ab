// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IPriceFeed } from "../credit/interfaces/IPriceFeed.sol";

/// @title A price that anyone may say, and that never grows old: it lives on development chains only
contract DevelopmentFeed is IPriceFeed {
  int256 private _answer;
  uint80 private _round;

  error NotADevelopmentChain(uint256 chainId);

  constructor(int256 answer) {
    // The chains on which `VerifierRegistry` takes development keys.
    require(block.chainid == 31_337 || block.chainid == 1337, NotADevelopmentChain(block.chainid));
    _answer = answer;
  }

  function set(int256 answer) external {
    ++_round;
    _answer = answer;
  }

  /// @inheritdoc IPriceFeed
  function decimals() external pure returns (uint8) {
    return 8;
  }

  /// @inheritdoc IPriceFeed
  function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
    return (_round, _answer, block.timestamp, block.timestamp, _round);
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TestToken } from "./TestToken.sol";

/// @title A plain token with decimals of its own
contract UnitToken is TestToken {
  uint8 private immutable DECIMALS;

  constructor(uint8 decimals_) {
    DECIMALS = decimals_;
  }

  function decimals() public view override returns (uint8) {
    return DECIMALS;
  }
}

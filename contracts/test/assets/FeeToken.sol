// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TestToken } from "./TestToken.sol";

/// @title A token that keeps one unit of each transfer
contract FeeToken is TestToken {
  function _update(address from, address to, uint256 value) internal override {
    super._update(from, to, value);
    if (from != address(0) && to != address(0)) super._update(to, address(0xFEE), 1);
  }
}

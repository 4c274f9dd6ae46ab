// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TestToken } from "./TestToken.sol";

/// @title A token that says false instead of reverting, once it is told to
contract RefusingToken is TestToken {
  bool public refuses;

  function refuse(bool refuses_) external {
    refuses = refuses_;
  }

  function transfer(address to, uint256 value) public override returns (bool) {
    return !refuses && super.transfer(to, value);
  }

  function transferFrom(address from, address to, uint256 value) public override returns (bool) {
    return !refuses && super.transferFrom(from, to, value);
  }
}

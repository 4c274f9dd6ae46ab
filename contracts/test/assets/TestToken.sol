// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A plain token that anyone can mint
contract TestToken is ERC20("Test", "TEST") {
  function mint(address account, uint256 amount) external {
    _mint(account, amount);
  }
}

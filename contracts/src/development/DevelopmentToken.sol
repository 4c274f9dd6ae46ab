// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Play money: anyone may mint it, so it lives on development chains only
contract DevelopmentToken is ERC20 {
  error NotADevelopmentChain(uint256 chainId);

  constructor() ERC20("Murmuration development token", "dMUR") {
    // The chains on which `VerifierRegistry` takes development keys.
    require(block.chainid == 31_337 || block.chainid == 1337, NotADevelopmentChain(block.chainid));
  }

  function mint(address to, uint256 amount) external {
    _mint(to, amount);
  }
}

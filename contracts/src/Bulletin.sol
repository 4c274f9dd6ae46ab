// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IBulletin } from "./interfaces/IBulletin.sol";

/// @title Bulletin
contract Bulletin is IBulletin {
  /// @inheritdoc IBulletin
  function post(uint256 task, bytes32 topic, bytes32 digest) external {
    emit Posted(task, msg.sender, topic, digest);
  }
}

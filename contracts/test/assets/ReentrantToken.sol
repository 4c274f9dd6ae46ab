// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { TestToken } from "./TestToken.sol";

/// @title A token that calls back in the middle of a transfer, as one with hooks would
contract ReentrantToken is TestToken {
  address private _target;
  bytes private _call;
  /// @notice What the call back returned or reverted with.
  bytes public answer;
  bool public succeeded;

  /// @notice The next transfer calls `target` with `data`, once.
  function arm(address target, bytes calldata data) external {
    (_target, _call) = (target, data);
  }

  function _update(address from, address to, uint256 value) internal override {
    super._update(from, to, value);
    address target = _target;
    if (target == address(0)) return;
    _target = address(0);
    (succeeded, answer) = target.call(_call);
  }
}

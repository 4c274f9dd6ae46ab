// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title The groups of validators, whose probes are opened as one sum each (docs/encodings.md, "Scores")
library Groups {
  /// @dev Each group is one more reference of the statement `alignment`.
  uint256 internal constant MAX = 7;

  /// @notice Groups of so many validators: of two or more each, at most seven.
  function count(uint256 validators) internal pure returns (uint256) {
    uint256 pairs = validators / 2;
    return pairs < 1 ? 1 : pairs > MAX ? MAX : pairs;
  }

  /// @notice Puts accounts in a random order, each order as likely as any other but for the modulus's bias of less than
  /// 2^-250 (Durstenfeld: CACM 7 (1964), algorithm 235). In place.
  function shuffle(address[] memory accounts, bytes32 seed) internal pure {
    for (uint256 left = accounts.length; left > 1; --left) {
      uint256 drawn = uint256(keccak256(abi.encode(seed, left))) % left;
      (accounts[drawn], accounts[left - 1]) = (accounts[left - 1], accounts[drawn]);
    }
  }
}

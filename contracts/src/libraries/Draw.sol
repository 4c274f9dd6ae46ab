// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title A stake-weighted draw without replacement
library Draw {
  /// @notice Draws `seats` of the candidates: each seat goes to one of those left with a probability in proportion to
  /// its stake, so that nobody gains by splitting its stake over several accounts.
  /// @dev `seats * candidates` steps; both are bounded by the callers. The bias of the modulus is below 2^-120.
  /// @param stakes of the candidates, each below 2^128. Overwritten.
  /// @return drawn whether each candidate has a seat.
  function weighted(uint256[] memory stakes, uint256 seats, bytes32 seed)
    internal
    pure
    returns (bool[] memory drawn)
  {
    drawn = new bool[](stakes.length);
    uint256 total;
    for (uint256 i; i < stakes.length; ++i) {
      total += stakes[i];
    }
    for (uint256 seat; seat < seats && total > 0; ++seat) {
      uint256 ticket = uint256(keccak256(abi.encode(seed, seat))) % total;
      uint256 i;
      while (ticket >= stakes[i]) {
        ticket -= stakes[i];
        ++i;
      }
      drawn[i] = true;
      total -= stakes[i];
      stakes[i] = 0;
    }
  }
}

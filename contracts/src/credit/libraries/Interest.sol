// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Interest by utilisation, with a kink
/// @notice Rates are a year's, in 10^-18. The index is what a debt of one became since the pool began, in 10^-27; it grows
/// in a straight line between two bookings.
library Interest {
  uint256 internal constant WAD = 1e18;
  uint256 internal constant RAY = 1e27;

  /// @param kink above 0, below `WAD`.
  function rate(uint256 debt, uint256 cash, uint256 base, uint256 slope, uint256 steep, uint256 kink)
    internal
    pure
    returns (uint256)
  {
    if (debt == 0) return base;
    uint256 u = Math.mulDiv(debt, WAD, debt + cash);
    if (u <= kink) return base + slope * u / kink;
    return base + slope + steep * (u - kink) / (WAD - kink);
  }

  /// @notice The index after `elapsed` seconds, rounded up.
  function grow(uint256 index, uint256 rate_, uint256 elapsed) internal pure returns (uint256) {
    return index + Math.mulDiv(index, rate_ * elapsed, WAD * 365 days, Math.Rounding.Ceil);
  }
}

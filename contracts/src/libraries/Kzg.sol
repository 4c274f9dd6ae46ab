// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "./Bn254.sol";

/// @title Openings of polynomial commitments (Kate, Zaverucha, Goldberg: ASIACRYPT 2010, section 3)
/// @notice `C = [f(tau)]_1` opens at `z` to `y = f(z)` with `pi = [(f(X) - y) / (X - z)](tau)`.
library Kzg {
  using Bn254 for Bn254.G1;

  /// @notice True if `pi` opens `commitment` at `z` to `y`: `e(C - y G1 + z pi, G2) = e(pi, [tau]_2)`.
  /// Points that are not canonical or not on the curve, and scalars of r or more, give false.
  /// @param tau a point of G2 (`Bn254.isInG2`), checked where it was stored.
  function verify(Bn254.G1 memory commitment, uint256 z, uint256 y, Bn254.G1 memory pi, Bn254.G2 memory tau)
    internal
    view
    returns (bool)
  {
    if (z >= Bn254.R || y >= Bn254.R) return false;
    if (!commitment.isOnCurve() || !pi.isOnCurve()) return false;
    uint256[] memory input = new uint256[](12);
    Bn254.setPair(input, 0, left(commitment, z, y, pi), Bn254.generator2());
    Bn254.setPair(input, 1, pi.negate(), tau);
    return Bn254.pairing(input);
  }

  /// @notice `C - y G1 + z pi`, the side of the check that is paired with the generator.
  /// @dev For points on the curve and scalars below r.
  function left(Bn254.G1 memory commitment, uint256 z, uint256 y, Bn254.G1 memory pi)
    internal
    view
    returns (Bn254.G1 memory)
  {
    Bn254.G1 memory shift = Bn254.generator1().mul(Bn254.R - y);
    return commitment.add(shift).add(pi.mul(z));
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title The curve BN254 through the EVM's precompiles (EIP-196, EIP-197; prices of EIP-1108)
/// @notice Points are affine words, each below `Q`; infinity is all zeros. Words of a G2 point stand in the order
/// of EIP-197, imaginary part first.
/// @dev A failing precompile takes all the gas that it was given. So points are checked here before they are used
/// (`isOnCurve`, `isOnTwist`), and the pairing, which alone can still fail (a twist point outside of the subgroup),
/// gets its price and no more.
library Bn254 {
  struct G1 {
    uint256 x;
    uint256 y;
  }

  struct G2 {
    uint256 xImaginary;
    uint256 xReal;
    uint256 yImaginary;
    uint256 yReal;
  }

  /// @notice A precompile failed on good input: too little gas, or a chain with other precompiles or prices.
  error PrecompileFailed(uint256 precompile);

  /// @notice Order of the scalar field Fr and of both groups.
  uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  /// @notice Order of the base field Fq.
  uint256 internal constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

  /// @notice Generator of G1.
  uint256 internal constant G1_X = 1;
  uint256 internal constant G1_Y = 2;

  /// @notice Generator of G2 (EIP-197).
  uint256 internal constant G2_X_IMAGINARY =
    11559732032986387107991004021392285783925812861821192530917403151452391805634;
  uint256 internal constant G2_X_REAL =
    10857046999023057135944570762232829481370756359578518086990519993285655852781;
  uint256 internal constant G2_Y_IMAGINARY =
    4082367875863433681332203403145435568316851327593401208105741076214120093531;
  uint256 internal constant G2_Y_REAL =
    8495653923123431417604973247489272438418190587263600148770280649306958101930;

  /// @dev The twist is `y^2 = x^3 + 3 / (9 + i)`.
  uint256 private constant TWIST_IMAGINARY =
    266929791119991161246907387137283842545076965332900288569378510910307636690;
  uint256 private constant TWIST_REAL =
    19485874751759354771024239261021720505790618469301721065564631296452457478373;

  uint256 private constant ADD = 6;
  uint256 private constant MUL = 7;
  uint256 private constant PAIRING = 8;
  uint256 private constant PAIRING_BASE_GAS = 45_000;
  uint256 private constant PAIRING_PAIR_GAS = 34_000;

  /// @notice True for canonical words of a point of G1, infinity included. BN254's G1 has no cofactor: on the curve
  /// is in the group.
  function isOnCurve(G1 memory p) internal pure returns (bool) {
    (uint256 x, uint256 y) = (p.x, p.y);
    if (x >= Q || y >= Q) return false;
    if (x == 0 && y == 0) return true;
    return mulmod(y, y, Q) == addmod(mulmod(mulmod(x, x, Q), x, Q), 3, Q);
  }

  /// @notice True for canonical words of a point of the twist, infinity included. Whether it lies in G2 (the
  /// subgroup of order r) only the pairing tells, see `isInG2`.
  function isOnTwist(G2 memory p) internal pure returns (bool) {
    (uint256 xi, uint256 xr, uint256 yi, uint256 yr) = (p.xImaginary, p.xReal, p.yImaginary, p.yReal);
    if (xi >= Q || xr >= Q || yi >= Q || yr >= Q) return false;
    if (xi == 0 && xr == 0 && yi == 0 && yr == 0) return true;
    (uint256 si, uint256 sr) = _multiply2(xi, xr, xi, xr);
    (si, sr) = _multiply2(si, sr, xi, xr);
    (uint256 ti, uint256 tr) = _multiply2(yi, yr, yi, yr);
    return ti == addmod(si, TWIST_IMAGINARY, Q) && tr == addmod(sr, TWIST_REAL, Q);
  }

  /// @notice True for canonical words of a point of G2 (on the twist and in the subgroup), infinity included.
  function isInG2(G2 memory p) internal view returns (bool) {
    if (!isOnTwist(p)) return false;
    uint256[] memory input = new uint256[](6);
    setPair(input, 0, G1(0, 0), p);
    return pairing(input);
  }

  function isInfinity(G1 memory p) internal pure returns (bool) {
    return p.x == 0 && p.y == 0;
  }

  function isInfinity(G2 memory p) internal pure returns (bool) {
    return p.xImaginary == 0 && p.xReal == 0 && p.yImaginary == 0 && p.yReal == 0;
  }

  function equal(G2 memory a, G2 memory b) internal pure returns (bool) {
    return
      a.xImaginary == b.xImaginary && a.xReal == b.xReal && a.yImaginary == b.yImaginary && a.yReal == b.yReal;
  }

  function generator1() internal pure returns (G1 memory) {
    return G1(G1_X, G1_Y);
  }

  function generator2() internal pure returns (G2 memory) {
    return G2(G2_X_IMAGINARY, G2_X_REAL, G2_Y_IMAGINARY, G2_Y_REAL);
  }

  /// @notice `-p`, for a canonical point.
  function negate(G1 memory p) internal pure returns (G1 memory) {
    return G1(p.x, p.y == 0 ? 0 : Q - p.y);
  }

  /// @notice `a + b`.
  /// @dev Both must be on the curve (`isOnCurve`), else all gas is lost and the call reverts.
  function add(G1 memory a, G1 memory b) internal view returns (G1 memory sum) {
    bool ok;
    assembly ("memory-safe") {
      let input := mload(0x40)
      mcopy(input, a, 64)
      mcopy(add(input, 64), b, 64)
      ok := and(eq(returndatasize(), 64), staticcall(gas(), ADD, input, 128, sum, 64))
    }
    if (!ok) revert PrecompileFailed(ADD);
  }

  /// @notice `scalar * p`; any scalar, taken modulo r.
  /// @dev `p` must be on the curve (`isOnCurve`), else all gas is lost and the call reverts.
  function mul(G1 memory p, uint256 scalar) internal view returns (G1 memory product) {
    if (scalar == 1) return G1(p.x, p.y);
    bool ok;
    assembly ("memory-safe") {
      let input := mload(0x40)
      mcopy(input, p, 64)
      mstore(add(input, 64), scalar)
      ok := and(eq(returndatasize(), 64), staticcall(gas(), MUL, input, 96, product, 64))
    }
    if (!ok) revert PrecompileFailed(MUL);
  }

  /// @notice Writes pair number `index` (six words) of a pairing's input.
  function setPair(uint256[] memory input, uint256 index, G1 memory p, G2 memory q) internal pure {
    assert(input.length >= 6 * (index + 1));
    assembly ("memory-safe") {
      let at := add(add(input, 32), mul(index, 192))
      mcopy(at, p, 64)
      mcopy(add(at, 64), q, 128)
    }
  }

  /// @notice True if the product of the pairings is one; false if it is not, or if a twist point is not in G2.
  /// @param input six words a pair (`setPair`): points that passed `isOnCurve` and `isOnTwist`.
  /// @dev The precompile gets its price only, so that a point outside of G2 cannot burn the caller's gas. If it
  /// fails, as many pairs of infinities tell whether it was the point, or too little gas (or a chain with other
  /// prices): the latter reverts, so that nobody is ever slashed for it.
  function pairing(uint256[] memory input) internal view returns (bool) {
    (bool ran, bool one) = _pairing(input);
    if (ran) return one;
    (ran, one) = _pairing(new uint256[](input.length));
    if (!ran || !one) revert PrecompileFailed(PAIRING);
    return false;
  }

  function _pairing(uint256[] memory input) private view returns (bool ran, bool one) {
    uint256 price = PAIRING_BASE_GAS + PAIRING_PAIR_GAS * (input.length / 6);
    assembly ("memory-safe") {
      let size := mul(mload(input), 32)
      ran := and(eq(returndatasize(), 32), staticcall(price, PAIRING, add(input, 32), size, 0, 32))
      one := and(ran, eq(mload(0), 1))
    }
  }

  /// @dev A product in Fq2 = Fq[i] / (i^2 + 1).
  function _multiply2(uint256 ai, uint256 ar, uint256 bi, uint256 br)
    private
    pure
    returns (uint256, uint256)
  {
    return (
      addmod(mulmod(ai, br, Q), mulmod(ar, bi, Q), Q), addmod(mulmod(ar, br, Q), Q - mulmod(ai, bi, Q), Q)
    );
  }
}

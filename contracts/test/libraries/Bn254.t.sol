// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Trapdoor } from "../verifiers/Trapdoor.sol";

/// @title The curve: group laws, and every way in which words can fail to be a point
contract Bn254Test is Test {
  using Bn254 for Bn254.G1;

  Trapdoor internal trapdoor;

  function setUp() public {
    trapdoor = new Trapdoor();
  }

  function test_generators_areInTheirGroups() public view {
    assertTrue(Bn254.generator1().isOnCurve());
    assertTrue(Bn254.isInG2(Bn254.generator2()));
  }

  /// @dev The doubled generator of EIP-196's own tests.
  function test_add_doublesTheGenerator() public view {
    Bn254.G1 memory doubled = Bn254.generator1().add(Bn254.generator1());
    assertEq(doubled.x, 0x030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3);
    assertEq(doubled.y, 0x15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4);
  }

  function testFuzz_mul_addsScalars(uint256 a, uint256 b) public view {
    Bn254.G1 memory g = Bn254.generator1();
    uint256 sum = addmod(a, b, Bn254.R);
    _assertEqual(g.mul(a).add(g.mul(b)), g.mul(sum));
    assertTrue(g.mul(a).isOnCurve());
  }

  function testFuzz_negate_cancels(uint256 a) public view {
    Bn254.G1 memory p = Bn254.generator1().mul(a);
    assertTrue(p.add(p.negate()).isInfinity());
    assertTrue(p.negate().isOnCurve());
  }

  function test_infinity_isOnItsCurveAndNeutral() public view {
    Bn254.G1 memory zero;
    Bn254.G2 memory zero2;
    assertTrue(zero.isOnCurve() && zero.negate().isInfinity() && Bn254.isInG2(zero2));
    _assertEqual(zero.add(Bn254.generator1()), Bn254.generator1());
    assertTrue(Bn254.generator1().mul(0).isInfinity() && Bn254.generator1().mul(Bn254.R).isInfinity());
  }

  function testFuzz_isOnCurve_refusesAliasesAndNeighbours(uint256 a, uint256 shift) public view {
    Bn254.G1 memory p = Bn254.generator1().mul(bound(a, 1, Bn254.R - 1));
    shift = bound(shift, 1, 4); // 5 q < 2^256
    assertFalse(Bn254.G1(p.x + shift * Bn254.Q, p.y).isOnCurve());
    assertFalse(Bn254.G1(p.x, p.y + shift * Bn254.Q).isOnCurve());
    uint256 neighbour = addmod(p.y, shift, Bn254.Q);
    assertEq(Bn254.G1(p.x, neighbour).isOnCurve(), neighbour == Bn254.Q - p.y);
    assertFalse(Bn254.G1(shift * Bn254.Q, 0).isOnCurve() || Bn254.G1(0, shift * Bn254.Q).isOnCurve());
  }

  function testFuzz_isOnTwist_refusesAliasesAndNeighbours(uint256 word, uint256 shift) public view {
    shift = bound(shift, 1, 4);
    uint256[4] memory alias_ = _words(trapdoor.point("tau"));
    uint256[4] memory neighbour = _words(trapdoor.point("tau"));
    alias_[word % 4] += shift * Bn254.Q;
    neighbour[word % 4] = addmod(neighbour[word % 4], shift, Bn254.Q);
    assertFalse(Bn254.isOnTwist(_point(alias_)));
    assertFalse(Bn254.isOnTwist(_point(neighbour)));
  }

  function test_isInG2_refusesTwistPointsOutsideOfTheSubgroup() public view {
    Bn254.G2 memory outside = trapdoor.point("outsideG2");
    assertTrue(Bn254.isOnTwist(outside));
    assertFalse(Bn254.isInG2(outside));
    assertTrue(Bn254.isInG2(trapdoor.point("tau")));
  }

  function testFuzz_pairing_isBilinear(uint256 a, uint256 shift) public view {
    shift = bound(shift, 1, Bn254.R - 1);
    uint256 aTau = mulmod(a, trapdoor.secret("tau"), Bn254.R);
    assertTrue(_pairs(aTau, a));
    assertFalse(_pairs(addmod(aTau, shift, Bn254.R), a));
  }

  /// @dev The attack first: given all gas, the precompile burns it on one bad point.
  function test_pairing_boundsWhatABadPointBurns() public view {
    uint256[] memory input = new uint256[](6);
    Bn254.setPair(input, 0, Bn254.generator1(), trapdoor.point("outsideG2"));
    uint256 budget = gasleft();
    (bool ok,) = address(8).staticcall{ gas: 10_000_000 }(abi.encodePacked(input));
    assertFalse(ok);
    assertGt(budget - gasleft(), 10_000_000);

    budget = gasleft();
    assertFalse(Bn254.pairing(input));
    assertLt(budget - gasleft(), 2 * (45_000 + 34_000) + 3000);
  }

  /// @dev Whoever chooses the gas must not be able to make a true statement look false.
  function testFuzz_pairing_neverFalseForLackOfGas(uint256 gasLimit) public view {
    gasLimit = bound(gasLimit, 20_000, 400_000);
    try this.truePairing{ gas: gasLimit }() returns (bool one) {
      assertTrue(one);
    } catch {
      assertLt(gasLimit, 150_000);
    }
  }

  /// @dev A chain without the precompile, or with higher prices, judges nobody.
  function test_pairing_revertsWhereThePrecompileFails() public {
    vm.mockCallRevert(address(8), bytes(""), bytes(""));
    vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, 8));
    this.truePairing();
  }

  function test_pairing_revertsForLackOfGas() public {
    vm.expectRevert();
    this.truePairing{ gas: 100_000 }();
  }

  function test_add_revertsOnAPointOffTheCurve() public {
    vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, 6));
    this.addExternally{ gas: 200_000 }(Bn254.G1(1, 3), Bn254.generator1());
  }

  function test_mul_revertsOnAPointOffTheCurve() public {
    vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, 7));
    this.mulExternally{ gas: 200_000 }(Bn254.G1(1, 3), 2);
  }

  function truePairing() external view returns (bool) {
    uint256[] memory input = new uint256[](12);
    Bn254.setPair(input, 0, Bn254.generator1(), Bn254.generator2());
    Bn254.setPair(input, 1, Bn254.generator1().negate(), Bn254.generator2());
    return Bn254.pairing(input);
  }

  function addExternally(Bn254.G1 memory a, Bn254.G1 memory b) external view returns (Bn254.G1 memory) {
    return a.add(b);
  }

  function mulExternally(Bn254.G1 memory p, uint256 scalar) external view returns (Bn254.G1 memory) {
    return p.mul(scalar);
  }

  /// @dev Whether `e(left G1, G2) = e(right G1, [tau]_2)`.
  function _pairs(uint256 left, uint256 right) private view returns (bool) {
    uint256[] memory input = new uint256[](12);
    Bn254.setPair(input, 0, Bn254.generator1().mul(left), Bn254.generator2());
    Bn254.setPair(input, 1, Bn254.generator1().mul(right).negate(), trapdoor.point("tau"));
    return Bn254.pairing(input);
  }

  function _words(Bn254.G2 memory p) private pure returns (uint256[4] memory) {
    return [p.xImaginary, p.xReal, p.yImaginary, p.yReal];
  }

  function _point(uint256[4] memory w) private pure returns (Bn254.G2 memory) {
    return Bn254.G2(w[0], w[1], w[2], w[3]);
  }

  function _assertEqual(Bn254.G1 memory a, Bn254.G1 memory b) private pure {
    assertEq(a.x, b.x);
    assertEq(a.y, b.y);
  }
}

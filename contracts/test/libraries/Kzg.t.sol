// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Kzg } from "../../src/libraries/Kzg.sol";
import { Trapdoor } from "../verifiers/Trapdoor.sol";

/// @title Openings: true ones, altered ones, aliases, and points that are none
/// forge-config: ci.fuzz.runs = 256
contract KzgTest is Test {
  Trapdoor internal trapdoor;

  struct Opening {
    Bn254.G1 commitment;
    uint256 z;
    uint256 y;
    Bn254.G1 pi;
  }

  function setUp() public {
    trapdoor = new Trapdoor();
  }

  function testFuzz_verify_acceptsTrueOpenings(uint256 value, uint256 z, uint256 y) public view {
    assertTrue(_verify(_open(value, z, y)));
  }

  function testFuzz_verify_refusesEveryAlteredWord(
    uint256 value,
    uint256 z,
    uint256 y,
    uint256 word,
    uint256 to
  ) public view {
    Opening memory opening = _open(value, z, y);
    uint256[6] memory words = _words(opening);
    word %= 6;
    vm.assume(to != words[word]);
    // A constant has one value everywhere: with the proof at infinity another z is true as well.
    vm.assume(word != 2 || !Bn254.isInfinity(opening.pi));
    words[word] = to;
    assertFalse(_verify(_opening(words)));
  }

  function testFuzz_verify_refusesAliases(uint256 value, uint256 z, uint256 y, uint256 word) public view {
    uint256[6] memory words = _words(_open(value, z, y));
    word %= 6;
    words[word] += word == 2 || word == 3 ? Bn254.R : Bn254.Q;
    assertFalse(_verify(_opening(words)));
  }

  /// @dev Another point of the curve: what only the pairing can refuse.
  function testFuzz_verify_refusesOtherPointsAndScalars(
    uint256 value,
    uint256 z,
    uint256 y,
    uint256 difference
  ) public view {
    difference = bound(difference, 1, Bn254.R - 1);
    Opening memory good = _open(value, z, y);
    Bn254.G1 memory shift = trapdoor.commit(difference);
    assertFalse(_verify(Opening(Bn254.add(good.commitment, shift), good.z, good.y, good.pi)));
    assertFalse(_verify(Opening(good.commitment, good.z, good.y, Bn254.add(good.pi, shift))));
    assertFalse(_verify(Opening(good.commitment, good.z, addmod(good.y, difference, Bn254.R), good.pi)));
    if (!Bn254.isInfinity(good.pi)) {
      assertFalse(_verify(Opening(good.commitment, addmod(good.z, difference, Bn254.R), good.y, good.pi)));
    }
  }

  function testFuzz_verify_opensConstantsWithInfinity(uint256 value, uint256 z) public view {
    value %= Bn254.R;
    assertTrue(_verify(Opening(trapdoor.commit(value), z % Bn254.R, value, Bn254.G1(0, 0))));
    assertEq(_verify(Opening(trapdoor.commit(value), z % Bn254.R, 0, Bn254.G1(0, 0))), value == 0);
  }

  /// @dev `z = tau` is where a division by zero would hide: only the true value opens there.
  function testFuzz_verify_atTau(uint256 value, uint256 y, uint256 pi) public view {
    value %= Bn254.R;
    y %= Bn254.R;
    assertEq(
      _verify(Opening(trapdoor.commit(value), trapdoor.secret("tau"), y, trapdoor.commit(pi))), y == value
    );
  }

  function _open(uint256 value, uint256 z, uint256 y) private view returns (Opening memory) {
    (z, y) = (z % Bn254.R, y % Bn254.R);
    vm.assume(z != trapdoor.secret("tau"));
    return Opening(trapdoor.commit(value), z, y, trapdoor.open(value, z, y));
  }

  function _verify(Opening memory o) private view returns (bool) {
    return Kzg.verify(o.commitment, o.z, o.y, o.pi, trapdoor.point("tau"));
  }

  function _words(Opening memory o) private pure returns (uint256[6] memory) {
    return [o.commitment.x, o.commitment.y, o.z, o.y, o.pi.x, o.pi.y];
  }

  function _opening(uint256[6] memory w) private pure returns (Opening memory) {
    return Opening(Bn254.G1(w[0], w[1]), w[2], w[3], Bn254.G1(w[4], w[5]));
  }
}

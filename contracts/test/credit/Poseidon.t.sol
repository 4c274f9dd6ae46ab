// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Poseidon } from "../../src/credit/libraries/Poseidon.sol";

/// @title Poseidon of two inputs against the prover's own (test/vectors/poseidon.json)
contract PoseidonTest is Test {
  using stdJson for string;

  function hash(uint256 a, uint256 b) external pure returns (uint256) {
    return Poseidon.hash(Poseidon.table(), a, b);
  }

  function test_hash_isTheProvers() public view {
    string memory json = vm.readFile("test/vectors/poseidon.json");
    uint256 count;
    for (; json.keyExists(_at(count)); ++count) {
      uint256 a = json.readUint(string.concat(_at(count), ".a"));
      uint256 b = json.readUint(string.concat(_at(count), ".b"));
      assertEq(this.hash(a, b), json.readUint(string.concat(_at(count), ".hash")));
    }
    assertGt(count, 8);
  }

  function test_hash_twiceWithOneTable() public pure {
    bytes memory constants = Poseidon.table();
    uint256 first = Poseidon.hash(constants, 1, 2);
    assertEq(Poseidon.hash(constants, 1, 2), first);
    // circomlib's test of this template.
    assertEq(first, 7853200120776062878684798364095072458815029376092732009249414926327459813530);
  }

  /// @dev `a + r` would hash as `a`: another serial, or another key, with the same hash.
  function test_hash_aliasIsRefused() public {
    uint256 r = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    vm.expectRevert(abi.encodeWithSelector(Poseidon.NotInField.selector, r + 1));
    this.hash(r + 1, 2);
    vm.expectRevert(abi.encodeWithSelector(Poseidon.NotInField.selector, r));
    this.hash(1, r);
  }

  function _at(uint256 i) private pure returns (string memory) {
    return string.concat(".pairs[", vm.toString(i), "]");
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { stdError } from "forge-std/StdError.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { SignedMath } from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Scores } from "../../src/libraries/Scores.sol";

/// @title Scores and scales: the vectors that TypeScript reads too, and laws that hold for all numbers
contract ScoresTest is Test {
  using stdJson for string;

  string internal json;

  function setUp() public {
    json = vm.readFile("test/vectors/scores.json");
  }

  function test_isqrt_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("isqrt", i, "")); ++i) {
      assertEq(Scores.isqrt(_uint("isqrt", i, ".x")), _uint("isqrt", i, ".root"));
    }
    assertGt(i, 10);
  }

  function testFuzz_isqrt_isTheRoot(uint256 x) public pure {
    uint256 root = Scores.isqrt(x);
    assertLe(root * root, x);
    if (root < type(uint128).max) assertGt((root + 1) * (root + 1), x);
  }

  function test_readScore_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("readScore", i, "")); ++i) {
      (bool ok, int256 score) = Scores.readScore(_uint("readScore", i, ".signal"));
      assertEq(ok, json.readBool(_at("readScore", i, ".ok")));
      assertEq(score, _int("readScore", i, ".score"));
    }
    assertGt(i, 10);
  }

  function testFuzz_readScore_readsWhatWasWritten(int64 score) public pure {
    vm.assume(score != type(int64).min);
    uint256 size = SignedMath.abs(score);
    uint256 signal = score >= 0 ? size : Bn254.R - size;
    (bool ok, int256 read) = Scores.readScore(signal);
    assertTrue(ok);
    assertEq(read, score);
  }

  function test_cosine_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("cosine", i, "")); ++i) {
      int256 cos = Scores.cosine(
        _int("cosine", i, ".score"), _uint("cosine", i, ".norm"), _uint("cosine", i, ".reference")
      );
      assertEq(cos, _int("cosine", i, ".cosine"));
    }
    assertGt(i, 20);
  }

  /// @dev Scaling an update leaves its cosine: nobody earns by inflating.
  function testFuzz_cosine_knowsNoLength(int64 score, uint32 norm, uint64 referenceNorm, uint16 factor)
    public
    pure
  {
    uint256 k = uint256(factor) + 1;
    uint256 longNorm = uint256(norm) * k * k;
    int256 short = Scores.cosine(score, norm, referenceNorm);
    int256 long = Scores.cosine(score * SafeCast.toInt256(k), longNorm, referenceNorm);
    // Only the rounding of the root differs: by less than one part in the root.
    uint256 root = Scores.isqrt(uint256(norm) * referenceNorm);
    uint256 size = SignedMath.abs(short);
    assertApproxEqAbs(long, short, root == 0 ? 0 : size / root + 2);
  }

  function testFuzz_cosine_isOddInTheScore(int64 score, uint64 norm, uint64 referenceNorm) public pure {
    assertEq(
      Scores.cosine(-int256(score), norm, referenceNorm), -Scores.cosine(int256(score), norm, referenceNorm)
    );
  }

  function test_cosine_revertsOnOverflow() public {
    vm.expectRevert(stdError.arithmeticError);
    this.cosine(1, 2 ** 200, 2 ** 56);
    vm.expectRevert(stdError.arithmeticError);
    this.cosine(type(int256).max, 1, 1);
  }

  function test_lowerMedian_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("lowerMedian", i, "")); ++i) {
      int256[] memory values = json.readIntArray(_at("lowerMedian", i, ".values"));
      assertEq(Scores.lowerMedian(values), _int("lowerMedian", i, ".median"));
    }
    assertGt(i, 10);
  }

  function testFuzz_lowerMedian_hasHalfOnEitherSide(int256[] memory values) public pure {
    vm.assume(values.length > 0);
    bytes32 before = keccak256(abi.encode(values));
    int256 median = Scores.lowerMedian(values);
    (uint256 smaller, uint256 atMost) = (0, 0);
    for (uint256 i; i < values.length; ++i) {
      if (values[i] < median) ++smaller;
      if (values[i] <= median) ++atMost;
    }
    uint256 rank = (values.length - 1) / 2;
    assertLe(smaller, rank);
    assertGt(atMost, rank);
    assertEq(keccak256(abi.encode(values)), before);
  }

  function test_lowerMedian_revertsOnNoValues() public {
    vm.expectRevert(Scores.EmptySample.selector);
    this.lowerMedian(new int256[](0));
  }

  function test_isStrike_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("isStrike", i, "")); ++i) {
      bool strike = Scores.isStrike(
        json.readBool(_at("isStrike", i, ".proven")),
        _int("isStrike", i, ".cosine"),
        _int("isStrike", i, ".median"),
        _int("isStrike", i, ".floor"),
        _uint("isStrike", i, ".phi")
      );
      assertEq(strike, json.readBool(_at("isStrike", i, ".strike")));
    }
    assertGt(i, 10);
  }

  function test_rewardWeight_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("rewardWeight", i, "")); ++i) {
      uint256 weight =
        Scores.rewardWeight(_int("rewardWeight", i, ".cosine"), _int("rewardWeight", i, ".delta"));
      assertEq(weight, _uint("rewardWeight", i, ".weight"));
    }
    assertGt(i, 5);
  }

  function test_nextScale_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("nextScale", i, "")); ++i) {
      uint256 next = Scores.nextScale(
        _uint("nextScale", i, ".scale"),
        _uint("nextScale", i, ".medianNorm"),
        _uint("nextScale", i, ".coordinates"),
        _uint("nextScale", i, ".target")
      );
      assertEq(next, _uint("nextScale", i, ".next"));
    }
    assertGt(i, 20);
  }

  function testFuzz_nextScale_staysInItsBounds(uint256 scale, uint64 norm, uint24 coordinates, uint16 target)
    public
    pure
  {
    scale = bound(scale, 1, 2 ** 53 - 1);
    vm.assume(coordinates > 0 && target > 0);
    uint256 next = Scores.nextScale(scale, norm, coordinates, target);
    assertTrue(next >= 1 && next < 2 ** 53);
    assertTrue(next >= scale / 2 && next <= 2 * scale);
  }

  function test_nextScale_revertsOnBadArguments() public {
    vm.expectRevert(abi.encodeWithSelector(Scores.ScaleOutOfRange.selector, 0));
    this.nextScale(0, 1, 1, 1);
    vm.expectRevert(abi.encodeWithSelector(Scores.ScaleOutOfRange.selector, 2 ** 53));
    this.nextScale(2 ** 53, 1, 1, 1);
    vm.expectRevert(Scores.ZeroCoordinates.selector);
    this.nextScale(1, 1, 0, 1);
    vm.expectRevert(Scores.ZeroTarget.selector);
    this.nextScale(1, 1, 1, 0);
    vm.expectRevert(stdError.arithmeticError);
    this.nextScale(1, 2 ** 224, 1, 1);
  }

  function cosine(int256 score, uint256 norm, uint256 referenceNorm) external pure returns (int256) {
    return Scores.cosine(score, norm, referenceNorm);
  }

  function lowerMedian(int256[] memory values) external pure returns (int256) {
    return Scores.lowerMedian(values);
  }

  function nextScale(uint256 scale, uint256 norm, uint256 coordinates, uint256 target)
    external
    pure
    returns (uint256)
  {
    return Scores.nextScale(scale, norm, coordinates, target);
  }

  function _uint(string memory rule, uint256 i, string memory key) private view returns (uint256) {
    return json.readUint(_at(rule, i, key));
  }

  function _int(string memory rule, uint256 i, string memory key) private view returns (int256) {
    return json.readInt(_at(rule, i, key));
  }

  function _at(string memory rule, uint256 i, string memory key) private pure returns (string memory) {
    return string.concat(".", rule, "[", vm.toString(i), "]", key);
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Verdict } from "../../src/interfaces/Types.sol";
import { Groups } from "../../src/libraries/Groups.sol";
import { Scores } from "../../src/libraries/Scores.sol";

/// @title Figures, pay, verdicts and scales: the vectors that TypeScript reads too, and laws that hold for all numbers
contract ScoresTest is Test {
  using stdJson for string;

  struct Weigh {
    uint256 debt;
    int256 seen;
    uint256 weight;
    uint256 nextDebt;
  }

  struct Pay {
    uint256 pot;
    uint256 reserve;
    uint256[] weights;
    uint256[] credits;
    uint256[] rewards;
  }

  struct Said {
    int256[] figures;
    int256[] medians;
    uint256 credit;
    string verdict;
  }

  struct Hold {
    uint256 stake;
    uint256 level;
    uint256 held;
    bool ejected;
  }

  struct Change {
    Hold before;
    string verdict;
    Hold later;
  }

  struct Scale {
    uint256 scale;
    uint256 medianBucket;
    uint256 coordinates;
    uint256 target;
    uint256 next;
  }

  string internal json;

  function setUp() public {
    json = vm.readFile("test/vectors/scores.json");
  }

  function test_isqrt_agreesWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("isqrt", i, "")); ++i) {
      assertEq(Math.sqrt(_uint("isqrt", i, ".x")), _uint("isqrt", i, ".root"));
    }
    assertGt(i, 10);
  }

  function test_groups_agreeWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("groupCount", i, "")); ++i) {
      assertEq(Groups.count(_uint("groupCount", i, ".validators")), _uint("groupCount", i, ".groups"));
    }
    assertGt(i, 32);
  }

  // ---- figures

  function test_figures_agreeWithTheVectors() public view {
    uint256 i;
    for (; json.keyExists(_at("figures", i, "")); ++i) {
      uint256 word = _uint("figures", i, ".word");
      int256[] memory scores = json.readIntArray(_at("figures", i, ".scores"));
      assertEq(scores.length, Groups.MAX);
      for (uint256 g; g < scores.length; ++g) {
        assertEq(Scores.score(word, g), scores[g]);
      }
      assertEq(Scores.bucket(word), _uint("figures", i, ".bucket"));
    }
    assertGt(i, 10);
  }

  // ---- pay

  function test_weigh_agreesWithTheVectors() public view {
    string memory shape = "Weigh(uint256 debt,int256 seen,uint256 weight,uint256 nextDebt)";
    Weigh[] memory all = abi.decode(vm.parseJsonTypeArray(json, ".weigh", shape), (Weigh[]));
    (int256 toll, int256 cap) = (_rule("toll"), _rule("cap"));
    assertGt(all.length, 50);
    for (uint256 i; i < all.length; ++i) {
      (uint256 weight, uint256 debt) = Scores.weigh(all[i].debt, all[i].seen, toll, cap);
      assertEq(weight, all[i].weight);
      assertEq(debt, all[i].nextDebt);
    }
  }

  /// @dev Over any rounds a trainer earns no more than it showed above the toll, but for what the debt forgets at its cap.
  function testFuzz_weigh_debtIsPaidFirst(int8[8] memory seen) public pure {
    (uint256 debt, uint256 earned, int256 shown) = (0, 0, 0);
    bool forgot;
    for (uint256 i; i < 8; ++i) {
      int256 above = (seen[i] < 38 ? int256(seen[i]) : int256(38)) - 10;
      // forge-lint: disable-next-line(unsafe-typecast)
      forgot = forgot || int256(debt) - above > 38;
      uint256 weight;
      (weight, debt) = Scores.weigh(debt, seen[i], 10, 38);
      assertTrue(weight == 0 || debt == 0);
      assertLe(debt, 38);
      assertLe(weight, 28);
      earned += weight;
      shown += above;
    }
    // forge-lint: disable-next-line(unsafe-typecast)
    if (!forgot) assertEq(int256(earned) - int256(debt), shown);
  }

  function test_reward_agreesWithTheVectors() public view {
    string memory shape =
      "Pay(uint256 pot,uint256 reserve,uint256[] weights,uint256[] credits,uint256[] rewards)";
    Pay[] memory all = abi.decode(vm.parseJsonTypeArray(json, ".payOf", shape), (Pay[]));
    assertGt(all.length, 20);
    for (uint256 i; i < all.length; ++i) {
      Pay memory p = all[i];
      (uint256 weights, uint256 credits) = (_total(p.weights), _total(p.credits));
      uint256 whole = Math.max(weights, p.reserve * p.weights.length);
      for (uint256 k; k < p.weights.length && whole > 0; ++k) {
        uint256 part = Scores.reward(p.pot, p.weights[k], weights, whole, p.credits[k], credits);
        assertEq(part, p.rewards[k]);
      }
    }
  }

  function testFuzz_reward_neverMoreThanThePot(uint128 pot, uint8[5] memory weights, uint32[5] memory credits)
    public
    pure
  {
    (uint256 all, uint256 credit) = (0, 0);
    for (uint256 i; i < 5; ++i) {
      (all, credit) = (all + weights[i], credit + credits[i]);
    }
    uint256 whole = Math.max(all, 19 * 5);
    uint256 paid;
    for (uint256 i; i < 5; ++i) {
      paid += Scores.reward(pot, weights[i], all, whole, credits[i], credit);
    }
    assertLe(paid, pot);
    // Where anybody has credit, only what the roundings leave stays behind.
    if (credit > 0) assertGe(paid + 15, pot);
  }

  // ---- strikes

  function test_verdict_agreesWithTheVectors() public view {
    string memory shape = "Said(int256[] figures,int256[] medians,uint256 credit,string verdict)";
    Said[] memory all = abi.decode(vm.parseJsonTypeArray(json, ".verdict", shape), (Said[]));
    (int256 phi, int256 floor) = (_rule("phi"), _rule("floor"));
    assertGt(all.length, 30);
    for (uint256 i; i < all.length; ++i) {
      Verdict said = Scores.verdict(all[i].figures, all[i].medians, phi, floor, all[i].credit > 0);
      assertEq(uint256(said), uint256(_verdict(all[i].verdict)));
    }
  }

  function test_levels_agreeWithTheVectors() public view {
    string memory shape = string.concat(
      "ChangeVector(HoldVector before,string verdict,HoldVector after)",
      "HoldVector(uint256 stake,uint256 level,uint256 held,bool ejected)"
    );
    Change[] memory all = abi.decode(vm.parseJsonTypeArray(json, ".standing", shape), (Change[]));
    uint256 strike = uint256(_rule("strike"));
    assertGt(all.length, 20);
    for (uint256 i; i < all.length; ++i) {
      (Hold memory from, Hold memory to) = (all[i].before, all[i].later);
      if (from.ejected) continue;
      uint256 level = Scores.levelAfter(from.level, _verdict(all[i].verdict));
      assertEq(level, to.level);
      assertEq(Math.min(Scores.held(level, strike), from.stake + from.held), to.held);
      assertEq(level >= uint256(_rule("ejectAt")), to.ejected);
    }
  }

  // ---- medians

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

  // ---- scales

  function test_nextScale_agreesWithTheVectors() public view {
    string memory shape =
      "Scale(uint256 scale,uint256 medianBucket,uint256 coordinates,uint256 target,uint256 next)";
    Scale[] memory all = abi.decode(vm.parseJsonTypeArray(json, ".nextScale", shape), (Scale[]));
    assertGt(all.length, 20);
    for (uint256 i; i < all.length; ++i) {
      Scale memory s = all[i];
      assertEq(Scores.nextScale(s.scale, s.medianBucket, s.coordinates, s.target), s.next);
    }
  }

  function testFuzz_nextScale_staysInItsBounds(uint256 scale, uint8 bucket, uint24 coordinates, uint16 target)
    public
    pure
  {
    scale = bound(scale, 1, 2 ** 53 - 1);
    vm.assume(coordinates > 0 && target > 0);
    uint256 next = Scores.nextScale(scale, bucket % 64, coordinates, target);
    assertTrue(next >= 1 && next < 2 ** 53);
    assertTrue(next >= scale / 2 && next <= 2 * scale);
  }

  /// @dev Norms that stay as they are bring a scale to rest, and none swings between two.
  function testFuzz_nextScale_comesToRest(uint256 norm, uint16 coordinates, uint8 target) public pure {
    vm.assume(coordinates > 0 && target > 0);
    uint256 first = 2 ** 40;
    norm = bound(norm, 1, 2 ** 40); // of the update at the first scale
    uint256 scale = first;
    for (uint256 i; i < 60; ++i) {
      scale = Scores.nextScale(scale, _bucketAt(norm, first, scale), coordinates, target);
    }
    uint256 rest = Scores.nextScale(scale, _bucketAt(norm, first, scale), coordinates, target);
    // A norm below 1 has no bucket of its own.
    if (norm * first ** 2 / scale ** 2 > 1) assertEq(rest, scale);
  }

  function _bucketAt(uint256 norm, uint256 first, uint256 scale) private pure returns (uint256) {
    return Math.log2(norm * first ** 2 / scale ** 2);
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
  }

  function lowerMedian(int256[] memory values) external pure returns (int256) {
    return Scores.lowerMedian(values);
  }

  function nextScale(uint256 scale, uint256 bucket, uint256 coordinates, uint256 target)
    external
    pure
    returns (uint256)
  {
    return Scores.nextScale(scale, bucket, coordinates, target);
  }

  function _total(uint256[] memory values) private pure returns (uint256 total) {
    for (uint256 i; i < values.length; ++i) {
      total += values[i];
    }
  }

  function _verdict(string memory name) private pure returns (Verdict) {
    bytes32 said = keccak256(bytes(name));
    if (said == keccak256("harsher")) return Verdict.Harsher;
    if (said == keccak256("struck")) return Verdict.Struck;
    return said == keccak256("cleared") ? Verdict.Cleared : Verdict.Neither;
  }

  function _rule(string memory key) private view returns (int256) {
    return json.readInt(string.concat(".rule.", key));
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

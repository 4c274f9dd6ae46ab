// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Challenge } from "../../src/libraries/Challenge.sol";

/// @title A contract that computes challenges, to stand at any address
contract Challenger {
  function compute(
    bytes32 tag,
    uint256 task,
    uint256 round,
    address sender,
    uint256 chunk,
    Bn254.G1 calldata commitment,
    uint256 h,
    bytes32 digest
  ) external view returns (uint256) {
    return Challenge.compute(tag, task, round, sender, chunk, commitment, h, digest);
  }
}

/// @title Challenges: the vectors that TypeScript reads too, and that every word counts
contract ChallengeTest is Test {
  using stdJson for string;

  string internal json;
  Challenger internal challenger;

  function setUp() public {
    json = vm.readFile("test/vectors/challenge.json");
    challenger = new Challenger();
  }

  function test_tags_areThoseOfTheVectors() public view {
    bytes32[4] memory tags = [Challenge.UPDATE, Challenge.PROBE, Challenge.UPDATE_SUM, Challenge.PROBE_SUM];
    for (uint256 i; i < 4; ++i) {
      assertEq(json.readBytes32(string.concat(".tags[", vm.toString(i), "].tag")), tags[i]);
    }
  }

  function test_compute_agreesWithTheVectors() public {
    uint256 count;
    for (; json.keyExists(_at(count, "")); ++count) {
      uint256 chainId = json.readUint(_at(count, ".chainId"));
      if (chainId > type(uint64).max) continue; // the test machine has no such chain
      vm.chainId(chainId);
      address where = json.readAddress(_at(count, ".contract"));
      vm.etch(where, address(challenger).code);
      assertEq(_compute(Challenger(where), count), json.readUint(_at(count, ".gamma")));
    }
    assertGt(count, 6);
  }

  /// @dev Another sender, round, contract or digest: another challenge, so that no opening can be carried over.
  function testFuzz_compute_bindsEveryWord(uint256[9] memory words, uint256 which, uint256 to) public {
    words[3] %= 2 ** 160;
    uint256 before = _compute(words);
    which %= 11;
    if (which == 9) {
      vm.chainId(bound(to, 1, type(uint64).max));
      vm.assume(block.chainid != 31_337);
    } else if (which == 10) {
      challenger = new Challenger();
    } else {
      if (which == 3) to %= 2 ** 160;
      vm.assume(words[which] != to);
      words[which] = to;
    }
    assertNotEq(_compute(words), before);
    assertLt(_compute(words), Bn254.R);
  }

  function _compute(uint256[9] memory w) private view returns (uint256) {
    // casting to 'uint160' is safe because the caller reduced the word
    // forge-lint: disable-next-line(unsafe-typecast)
    address sender = address(uint160(w[3]));
    return
      challenger.compute(bytes32(w[0]), w[1], w[2], sender, w[4], Bn254.G1(w[5], w[6]), w[7], bytes32(w[8]));
  }

  function _compute(Challenger where, uint256 i) private view returns (uint256) {
    uint256[] memory commitment = json.readUintArray(_at(i, ".commitment"));
    return where.compute(
      keccak256(abi.encodePacked("murmuration/v1/challenge/", json.readString(_at(i, ".subject")))),
      json.readUint(_at(i, ".task")),
      json.readUint(_at(i, ".round")),
      json.readAddress(_at(i, ".sender")),
      json.readUint(_at(i, ".chunk")),
      Bn254.G1(commitment[0], commitment[1]),
      json.readUint(_at(i, ".h")),
      json.readBytes32(_at(i, ".digest"))
    );
  }

  function _at(uint256 i, string memory key) private pure returns (string memory) {
    return string.concat(".cases[", vm.toString(i), "]", key);
  }
}

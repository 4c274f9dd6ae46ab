// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { IVerifier } from "../../src/interfaces/IVerifier.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";

/// @title Points and verifying keys of the files in test/vectors, in the order of docs/encodings.md
library PointsJson {
  using stdJson for string;

  function readG1(string memory json, string memory path) internal pure returns (Bn254.G1 memory) {
    uint256[] memory words = json.readUintArray(path);
    return Bn254.G1(words[0], words[1]);
  }

  function readG2(string memory json, string memory path) internal pure returns (Bn254.G2 memory) {
    uint256[] memory words = json.readUintArray(path);
    return Bn254.G2(words[0], words[1], words[2], words[3]);
  }

  function readKey(string memory json, string memory path)
    internal
    view
    returns (IVerifier.VerifyingKey memory key)
  {
    key.alpha = readG1(json, string.concat(path, ".alpha"));
    key.beta = readG2(json, string.concat(path, ".beta"));
    key.gamma = readG2(json, string.concat(path, ".gamma"));
    key.delta = readG2(json, string.concat(path, ".delta"));
    uint256 points;
    while (json.keyExists(_ic(path, points))) ++points;
    key.ic = new Bn254.G1[](points);
    for (uint256 i; i < points; ++i) {
      key.ic[i] = readG1(json, _ic(path, i));
    }
  }

  function _ic(string memory path, uint256 i) private pure returns (string memory) {
    return string.concat(path, ".ic[", Strings.toString(i), "]");
  }
}

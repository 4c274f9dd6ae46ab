// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { stdJson } from "forge-std/StdJson.sol";
import { Bn254 } from "../src/libraries/Bn254.sol";
import { IVerifier } from "../src/interfaces/IVerifier.sol";
import { IRounds } from "../src/interfaces/IRounds.sol";
import { Judgement } from "../src/interfaces/Types.sol";
import { FederationTest } from "./federation/FederationTest.sol";
import { PointsJson } from "./verifiers/PointsJson.sol";

/// @title Hashes that calls state: the vectors that TypeScript reads too, and the contracts' own
contract HashesTest is FederationTest {
  using PointsJson for string;
  using stdJson for string;

  string internal json;

  function setUp() public override {
    super.setUp();
    json = vm.readFile("test/vectors/hashes.json");
  }

  function test_draw_agreesWithTheVectors() public view {
    bytes32 commitment = keccak256(abi.encode(_word(".draw.secret"), _account(".draw.account")));
    assertEq(commitment, _word(".draw.commitment"));
  }

  function test_vote_agreesWithTheVectors() public view {
    bytes32 commitment = validation.voteCommitment(
      json.readUint(".vote.task"),
      json.readUint(".vote.round"),
      _account(".vote.validator"),
      Judgement(
        _word(".vote.model"),
        _word(".vote.references"),
        uint16(json.readUint(".vote.quality")),
        uint16(json.readUint(".vote.qualityBefore"))
      ),
      _word(".vote.salt")
    );
    assertEq(commitment, _word(".vote.commitment"));
  }

  function test_bases_agreeWithTheVectors() public view {
    bytes memory opened =
      abi.encode(_word(".opening.previous"), _word(".opening.model"), json.readUint(".opening.scale"));
    assertEq(keccak256(opened), _word(".opening.hash"));
    bytes memory proposed =
      abi.encode(_word(".proposal.previous"), _account(".proposal.proposer"), _word(".proposal.digest"));
    assertEq(keccak256(proposed), _word(".proposal.hash"));
    assertEq(keccak256(abi.encode(_points(".sum"))), _word(".sum.hash"));
    bytes memory inputs = abi.encode(json.readUintArray(".alignment.hUpdate"), _word(".alignment.references"));
    assertEq(keccak256(inputs), _word(".alignment.hash"));
    assertEq(keccak256(abi.encode(_points(".references"))), _word(".references.hash"));
    bytes memory sum = abi.encode(
      _word(".provenSum.previous"),
      json.readUint(".provenSum.sum"),
      json.readBytes32Array(".provenSum.digests")
    );
    assertEq(keccak256(sum), _word(".provenSum.hash"));
  }

  function test_names_agreeWithTheVectors() public view {
    bytes memory epoch = abi.encode(
      json.readUint(".epoch.chainId"),
      _account(".epoch.marketplace"),
      json.readUint(".epoch.task"),
      json.readUint(".epoch.number")
    );
    assertEq(keccak256(epoch), _word(".epoch.hash"));
    bytes memory topic = abi.encode(json.readString(".topic.kind"), json.readUint(".topic.number"));
    assertEq(keccak256(topic), _word(".topic.hash"));
  }

  function test_verifyingKeys_agreeWithTheVectors() public view {
    IVerifier.VerifyingKey memory key = json.readKey(".verifyingKey");
    assertEq(key.ic.length, 5);
    assertEq(keccak256(abi.encode(key, _word(".verifyingKey.bases"))), _word(".verifyingKey.withBases"));
    assertEq(keccak256(abi.encode(key, json.readG2(".verifyingKey.tau"))), _word(".verifyingKey.withTau"));
  }

  function _word(string memory key) private view returns (bytes32) {
    return json.readBytes32(key);
  }

  function _account(string memory key) private view returns (address) {
    return json.readAddress(key);
  }

  function _points(string memory key) private view returns (Bn254.G1[] memory points) {
    uint256[] memory x = json.readUintArray(string.concat(key, ".x"));
    uint256[] memory y = json.readUintArray(string.concat(key, ".y"));
    points = new Bn254.G1[](x.length);
    for (uint256 i; i < x.length; ++i) {
      points[i] = Bn254.G1(x[i], y[i]);
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IVerifierRegistry } from "../../src/interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { UpdateVerifier } from "../../src/verifiers/UpdateVerifier.sol";
import { VerifierRegistry } from "../../src/verifiers/VerifierRegistry.sol";
import { VerifierTest } from "./VerifierTest.sol";
import { Built } from "../Built.sol";

/// @title The registry: what it takes, what it refuses, and that it judges by the verifier that it names
/// forge-config: ci.fuzz.runs = 256
contract VerifierRegistryTest is VerifierTest {
  bytes32 internal constant TINY = keccak256("murmuration/v1/preset/tiny");
  bytes32 internal constant OTHER = keccak256("murmuration/v1/preset/other");

  VerifierRegistry internal registry;

  function setUp() public override {
    super.setUp();
    registry = Built.verifierRegistry(address(this));
    registry.register(TINY, _preset(true));
  }

  function test_register_storesAndTells() public {
    IVerifierRegistry.Preset memory preset = _preset(false);
    bytes32[3] memory hashes =
      [update[false].keyHash(), aggregate[false].keyHash(), alignment[false].keyHash()];
    vm.expectEmit(address(registry));
    emit IVerifierRegistry.PresetRegistered(OTHER, 96, 8, true, preset.verifiers, hashes);
    registry.register(OTHER, preset);
    assertEq(abi.encode(registry.presetInfo(OTHER)), abi.encode(preset));
    assertTrue(Bn254.equal(registry.tau(OTHER), trapdoor.point("tau")));
    for (uint256 i; i < 3; ++i) {
      assertEq(registry.keyHash(IVerifierRegistry.Circuit(i), OTHER), hashes[i]);
    }
  }

  function testFuzz_register_refusesStrangers(address stranger) public {
    vm.assume(stranger != address(this));
    vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
    vm.prank(stranger);
    registry.register(OTHER, _preset(true));
  }

  function test_register_neverReplaces() public {
    vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.PresetKnown.selector, TINY));
    registry.register(TINY, _preset(false));
  }

  function test_register_refusesNumbersOutOfRange() public {
    uint32[5] memory counts = [uint32(0), 65_535, 96, 96, type(uint32).max];
    uint8[5] memory bits = [8, 8, 1, 17, 8];
    for (uint256 i; i < counts.length; ++i) {
      IVerifierRegistry.Preset memory preset = _preset(true);
      (preset.coordinatesPerChunk, preset.coordinateBits) = (counts[i], bits[i]);
      vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.PresetOutOfRange.selector, counts[i], bits[i]));
      registry.register(OTHER, preset);
    }
  }

  /// @dev Anyone can prove anything with a development key: only development chains take it.
  function testFuzz_register_refusesDevelopmentKeysElsewhere(uint64 chainId) public {
    vm.assume(chainId != 0 && chainId != 31_337 && chainId != 1337);
    vm.chainId(chainId);
    IVerifierRegistry.Preset memory preset = _preset(true);
    vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.DevelopmentKeysRefused.selector, chainId));
    registry.register(OTHER, preset);
    preset.developmentKeys = false;
    registry.register(OTHER, preset);
  }

  function test_register_takesDevelopmentKeysOnDevelopmentChains() public {
    vm.chainId(1337);
    registry.register(OTHER, _preset(true));
    assertTrue(registry.presetInfo(OTHER).developmentKeys);
  }

  function test_register_refusesVerifiersInTheWrongPlace() public {
    IVerifierRegistry.Preset memory preset = _preset(true);
    (preset.verifiers[0], preset.verifiers[1]) = (preset.verifiers[1], preset.verifiers[0]);
    vm.expectRevert(
      abi.encodeWithSelector(IVerifierRegistry.VerifierOfOtherCircuit.selector, preset.verifiers[0], UPDATE)
    );
    registry.register(OTHER, preset);
  }

  function test_register_refusesAddressesWithoutCode() public {
    IVerifierRegistry.Preset memory preset = _preset(true);
    preset.verifiers[2] = address(0);
    vm.expectRevert();
    registry.register(OTHER, preset);
  }

  function test_register_refusesTwoTaus() public {
    IVerifierRegistry.Preset memory preset = _preset(true);
    preset.verifiers[0] = address(Built.updateVerifier(trapdoor.key(UPDATE, true), trapdoor.point("beta")));
    vm.expectRevert(
      abi.encodeWithSelector(IVerifierRegistry.TauDiffers.selector, preset.verifiers[0], preset.verifiers[1])
    );
    registry.register(OTHER, preset);
  }

  function test_unknownPreset_revertsEverywhere() public {
    Batch memory batch = makeBatch(UPDATE, true, 1, 1);
    bytes memory unknown = abi.encodeWithSelector(IVerifierRegistry.PresetUnknown.selector, OTHER);
    vm.expectRevert(unknown);
    registry.verify(UPDATE, OTHER, batch.signals[0], batch.proofs[0]);
    vm.expectRevert(unknown);
    registry.verifyBatch(UPDATE, OTHER, batch.signals, batch.proofs);
    vm.expectRevert(unknown);
    registry.verifyOpening(OTHER, batch.commitments[0], 1, 2, batch.openings[0]);
    vm.expectRevert(unknown);
    registry.verifyOpened(UPDATE, OTHER, batch.signals, batch.proofs, batch.commitments, batch.openings);
    vm.expectRevert(unknown);
    registry.presetInfo(OTHER);
    vm.expectRevert(unknown);
    registry.tau(OTHER);
    vm.expectRevert(unknown);
    registry.keyHash(UPDATE, OTHER);
  }

  function testFuzz_verify_judgesByItsCircuit(uint256 seed, uint8 made, uint8 asked) public view {
    (made, asked) = (made % 3, asked % 3);
    IVerifierRegistry.Circuit circuit = IVerifierRegistry.Circuit(asked);
    Batch memory batch = makeBatch(circuit, true, 1, seed);
    batch.proofs = makeBatch(IVerifierRegistry.Circuit(made), true, 1, seed).proofs;
    assertEq(registry.verify(circuit, TINY, batch.signals[0], batch.proofs[0]), made == asked);
    assertEq(registry.verifyBatch(circuit, TINY, batch.signals, batch.proofs), made == asked);
  }

  function testFuzz_verifyOpened_judgesByItsCircuit(uint256 seed, uint8 made, uint8 asked) public view {
    (made, asked) = (made % 2, asked % 2);
    Batch memory batch = makeBatch(IVerifierRegistry.Circuit(asked), true, 1 + seed % 3, seed);
    batch.proofs = makeBatch(IVerifierRegistry.Circuit(made), true, 1 + seed % 3, seed).proofs;
    bool ok = registry.verifyOpened(
      IVerifierRegistry.Circuit(asked), TINY, batch.signals, batch.proofs, batch.commitments, batch.openings
    );
    assertEq(ok, made == asked);
  }

  function testFuzz_verifyOpening_judges(uint256 seed, uint256 y) public view {
    Batch memory batch = makeBatch(UPDATE, true, 1, seed);
    uint256[] memory s = batch.signals[0];
    assertTrue(registry.verifyOpening(TINY, batch.commitments[0], s[1], s[2], batch.openings[0]));
    vm.assume(y != s[2]);
    assertFalse(registry.verifyOpening(TINY, batch.commitments[0], s[1], y, batch.openings[0]));
  }

  /// @dev Through the registry too: whoever chooses the gas cannot make a true statement look false.
  function testFuzz_verifyOpened_neverFalseForLackOfGas(uint256 gasLimit) public view {
    gasLimit = bound(gasLimit, 20_000, 500_000);
    Batch memory batch = makeBatch(UPDATE, true, 1, 5);
    try registry.verifyOpened{ gas: gasLimit }(
      UPDATE, TINY, batch.signals, batch.proofs, batch.commitments, batch.openings
    ) returns (
      bool ok
    ) {
      assertTrue(ok);
    } catch {
      assertLt(gasLimit, 400_000);
    }
  }

  function _preset(bool generatorGamma) private view returns (IVerifierRegistry.Preset memory) {
    return IVerifierRegistry.Preset({
      coordinatesPerChunk: 96,
      coordinateBits: 8,
      developmentKeys: true,
      verifiers: [
        address(update[generatorGamma]),
        address(aggregate[generatorGamma]),
        address(alignment[generatorGamma])
      ]
    });
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IOpeningVerifier, IVerifier } from "../interfaces/IVerifier.sol";
import { IVerifierRegistry } from "../interfaces/IVerifierRegistry.sol";
import { Bn254 } from "../libraries/Bn254.sol";

/// @title The verifiers of every circuit and preset
/// @notice The owner adds presets and can do nothing else: none is ever changed or taken away.
contract VerifierRegistry is IVerifierRegistry, Ownable {
  /// @dev Degrees stay below 2^16 (soundness of the opening), and a sum of squares below 2^63.
  uint256 private constant MAX_COORDINATES = 2 ** 16 - 2;
  uint256 private constant MAX_COORDINATE_BITS = 16;

  mapping(bytes32 preset => Preset) private _presets;

  constructor(address owner_) Ownable(owner_) { }

  /// @notice Adds a preset.
  /// @param preset `keccak256("murmuration/v1/preset/" + name)`.
  /// @param info its numbers and its verifiers, all of one set of keys.
  function register(bytes32 preset, Preset calldata info) external onlyOwner {
    if (_presets[preset].coordinatesPerChunk != 0) revert PresetKnown(preset);
    if (
      info.coordinatesPerChunk == 0 || info.coordinatesPerChunk > MAX_COORDINATES || info.coordinateBits < 2
        || info.coordinateBits > MAX_COORDINATE_BITS
    ) {
      revert PresetOutOfRange(info.coordinatesPerChunk, info.coordinateBits);
    }
    if (info.developmentKeys && !_isDevelopmentChain()) revert DevelopmentKeysRefused(block.chainid);
    bytes32[3] memory hashes;
    for (uint256 i; i < 3; ++i) {
      IVerifier verifier = IVerifier(info.verifiers[i]);
      if (verifier.circuit() != Circuit(i)) revert VerifierOfOtherCircuit(address(verifier), Circuit(i));
      hashes[i] = verifier.keyHash();
    }
    (address update, address aggregate) = (info.verifiers[0], info.verifiers[1]);
    if (!Bn254.equal(IOpeningVerifier(update).tau(), IOpeningVerifier(aggregate).tau())) {
      revert TauDiffers(update, aggregate);
    }
    _presets[preset] = info;
    emit PresetRegistered(
      preset, info.coordinatesPerChunk, info.coordinateBits, info.developmentKeys, info.verifiers, hashes
    );
  }

  /// @inheritdoc IVerifierRegistry
  function verify(Circuit circuit, bytes32 preset, uint256[] calldata signals, uint256[8] calldata proof)
    external
    view
    override
    returns (bool)
  {
    uint256[][] memory oneSignals = new uint256[][](1);
    uint256[8][] memory oneProof = new uint256[8][](1);
    (oneSignals[0], oneProof[0]) = (signals, proof);
    return _verifier(circuit, preset).verifyBatch(oneSignals, oneProof);
  }

  /// @inheritdoc IVerifierRegistry
  function verifyBatch(
    Circuit circuit,
    bytes32 preset,
    uint256[][] calldata signals,
    uint256[8][] calldata proofs
  ) external view override returns (bool) {
    return _verifier(circuit, preset).verifyBatch(signals, proofs);
  }

  /// @inheritdoc IVerifierRegistry
  function verifyOpening(
    bytes32 preset,
    Bn254.G1 calldata commitment,
    uint256 z,
    uint256 y,
    Bn254.G1 calldata pi
  ) external view override returns (bool) {
    return IOpeningVerifier(address(_verifier(Circuit.Update, preset))).verifyOpening(commitment, z, y, pi);
  }

  /// @inheritdoc IVerifierRegistry
  function verifyOpened(
    Circuit circuit,
    bytes32 preset,
    uint256[][] calldata signals,
    uint256[8][] calldata proofs,
    Bn254.G1[] calldata commitments,
    Bn254.G1[] calldata openings
  ) external view override returns (bool) {
    return IOpeningVerifier(address(_verifier(circuit, preset)))
      .verifyOpened(signals, proofs, commitments, openings);
  }

  /// @inheritdoc IVerifierRegistry
  function presetInfo(bytes32 preset) external view override returns (Preset memory info) {
    info = _presets[preset];
    if (info.coordinatesPerChunk == 0) revert PresetUnknown(preset);
  }

  /// @inheritdoc IVerifierRegistry
  function tau(bytes32 preset) external view override returns (Bn254.G2 memory) {
    return IOpeningVerifier(address(_verifier(Circuit.Update, preset))).tau();
  }

  /// @inheritdoc IVerifierRegistry
  function keyHash(Circuit circuit, bytes32 preset) external view override returns (bytes32) {
    return _verifier(circuit, preset).keyHash();
  }

  function _verifier(Circuit circuit, bytes32 preset) private view returns (IVerifier) {
    address verifier = _presets[preset].verifiers[uint256(circuit)];
    if (verifier == address(0)) revert PresetUnknown(preset);
    return IVerifier(verifier);
  }

  /// @dev The chain ids of anvil and Hardhat, and of geth's `--dev` mode.
  function _isDevelopmentChain() private view returns (bool) {
    return block.chainid == 31_337 || block.chainid == 1337;
  }
}

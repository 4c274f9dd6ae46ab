// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Bn254 } from "../libraries/Bn254.sol";

/// @title The verifiers of every circuit and preset
/// @notice A preset is registered once, whole, and never changed: what a task was created with is what judges it.
/// A statement that is false gives false; nothing that a prover can write into a proof, a point or a signal makes a
/// check revert. What reverts: an unknown preset, arrays that do not match, too little gas.
/// @dev Groth16 proofs are malleable (anyone can turn a proof into another one of the same statement): no proof, nor
/// its hash, may be the key of anything.
interface IVerifierRegistry {
  /// @notice Numbers of docs/encodings.md. Signals, in order:
  /// Update `h, gamma, y, normBound`; Aggregate `h, gamma, y`; Alignment `hUpdate, before, out`, then the two words
  /// of the references' point.
  enum Circuit {
    Update,
    Aggregate,
    Alignment
  }

  /// @notice What a preset is.
  /// @param coordinatesPerChunk K.
  /// @param coordinateBits b, of an update's coordinate.
  /// @param developmentKeys whether the keys' secrets are known; only ever true on a development chain.
  /// @param verifiers the contracts, by `Circuit`.
  struct Preset {
    uint32 coordinatesPerChunk;
    uint8 coordinateBits;
    bool developmentKeys;
    address[3] verifiers;
  }

  event PresetRegistered(
    bytes32 indexed preset,
    uint32 coordinatesPerChunk,
    uint8 coordinateBits,
    bool developmentKeys,
    address[3] verifiers,
    bytes32[3] keyHashes
  );

  error PresetUnknown(bytes32 preset);
  error PresetKnown(bytes32 preset);
  error PresetOutOfRange(uint256 coordinatesPerChunk, uint256 coordinateBits);
  error VerifierOfOtherCircuit(address verifier, Circuit expected);
  error TauDiffers(address update, address aggregate);
  error DevelopmentKeysRefused(uint256 chainId);

  /// @notice Whether `proof` proves `signals`. A signal of r or more gives false.
  /// @param proof `A.x, A.y, B.x.imaginary, B.x.real, B.y.imaginary, B.y.real, C.x, C.y`.
  function verify(Circuit circuit, bytes32 preset, uint256[] calldata signals, uint256[8] calldata proof)
    external
    view
    returns (bool);

  /// @notice Whether every proof proves its signals: one pairing call for all.
  function verifyBatch(
    Circuit circuit,
    bytes32 preset,
    uint256[][] calldata signals,
    uint256[8][] calldata proofs
  ) external view returns (bool);

  /// @notice Whether `pi` opens `commitment` at `z` to `y`. Scalars of r or more give false.
  function verifyOpening(
    bytes32 preset,
    Bn254.G1 calldata commitment,
    uint256 z,
    uint256 y,
    Bn254.G1 calldata pi
  ) external view returns (bool);

  /// @notice Whether every proof proves its signals *and* every opening opens its commitment at the signals' `gamma`
  /// (second) to their `y` (third): one pairing call for everything, and the way to check an update, a probe or a sum.
  /// One element a chunk; empty arrays give false.
  /// @param circuit `Update` or `Aggregate`.
  function verifyOpened(
    Circuit circuit,
    bytes32 preset,
    uint256[][] calldata signals,
    uint256[8][] calldata proofs,
    Bn254.G1[] calldata commitments,
    Bn254.G1[] calldata openings
  ) external view returns (bool);

  /// @notice A registered preset; reverts with `PresetUnknown`.
  function presetInfo(bytes32 preset) external view returns (Preset memory);

  /// @notice `[tau]_2` of a preset's commitments.
  function tau(bytes32 preset) external view returns (Bn254.G2 memory);

  /// @notice Hash of a circuit's verifying key, of Update and Aggregate with the `tau` of their openings, of Alignment
  /// with the hash of the bases of its references: see `IVerifier.keyHash`.
  function keyHash(Circuit circuit, bytes32 preset) external view returns (bytes32);
}

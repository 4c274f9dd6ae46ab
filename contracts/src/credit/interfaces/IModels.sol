// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title Models: fixed-point models whose training the validators answer for
/// @notice A task's final model is in floating point; a credential is proven by its fixed-point form, which anyone makes by
/// the same rule (docs/encodings.md). A model is accepted when validators with more than half of the task's stake signed
/// that it is that form. Committee, standing, stake and final model are read from the task's own contracts; nothing that
/// the caller brings is believed but signatures.
///
/// From an accepted digest anyone finds the tasks whose validators claim it (`tasksOf`), and of each its description, its
/// rounds, its members, and the digests of the first and the final model: `trainingOf`, and round by round
/// `IRounds.lineageOf`.
///
/// A digest belongs to no task: anybody with a task of its own could claim the one of another's model first. So each task
/// has its own word on a digest, and none keeps another's out. What a claim says of schema and shape makes nothing false
/// true, since the digest commits to both: of a false one no proof holds.
///
/// What it rests on: an honest majority of the validators' stake of that task, for the fixed-point form (anyone who
/// recomputes it sees a false one, but nobody can take it back), and all that the training rests on.
interface IModels {
  /// @notice What validators sign (EIP-712).
  /// @param digest Poseidon digest of the fixed-point model, the statement's public signal.
  /// @param task that trained it.
  /// @param source SHA-256 of the task's final model, as `IRounds.modelOf` has it.
  /// @param content SHA-256 of the fixed-point model's file, its content address.
  /// @param schema digest of the records' schema, below 2^248, the statement's public signal.
  /// @param shape of the statement: which circuit evaluates the model.
  struct ScoreModel {
    uint256 digest;
    uint256 task;
    bytes32 source;
    bytes32 content;
    uint256 schema;
    uint8 shape;
  }

  /// @notice Where a task's final model comes from.
  /// @param rounds contract that keeps the lineage, round by round.
  /// @param metadata SHA-256 of the task's description.
  /// @param first SHA-256 of the model before the first round.
  /// @param last SHA-256 of the model after the last.
  /// @param concluded rounds.
  struct Training {
    uint256 task;
    address rounds;
    bytes32 metadata;
    bytes32 first;
    bytes32 last;
    uint256 concluded;
    address[] trainers;
    address[] validators;
  }

  /// @notice The stake of a task's validators was noted.
  event Enrolled(uint256 indexed task, address[] validators, uint256[] stakes);
  event ModelAccepted(
    uint256 indexed digest,
    uint256 indexed task,
    bytes32 source,
    bytes32 content,
    uint256 schema,
    uint8 shape,
    uint256 behind,
    uint256 total
  );

  error TaskNotEnded(uint256 task);
  /// @notice The stake may have been released: nobody noted it while it was held.
  error StakeReleased(uint256 task, uint256 until);
  error SourceDiffers(uint256 task, bytes32 stated, bytes32 kept);
  /// @notice The task ended with the model that it began with.
  error NothingTrained(uint256 task);
  error ModelKnown(uint256 digest, uint256 task);
  error ModelUnknown(uint256 digest, uint256 task);
  error ModelInvalid(uint256 digest, uint256 schema);
  error SignatureCount(uint256 signers, uint256 signatures);
  error SignersNotAscending(address signer);
  error SignerNotValidator(address signer);
  error SignatureInvalid(address signer);
  error QuorumMissing(uint256 stake, uint256 total);

  /// @notice Notes what a task's validators have pledged, from its end until its appeal window is over: after that anyone
  /// may release anybody's stake, and who is left would be the whole. Anyone; once a task. `accept` does it where nobody
  /// did.
  function enrol(uint256 task) external;

  /// @notice Accepts a model that validators with more than half of the stake signed.
  /// @param signers validators in good standing, ascending. Those ejected count in nothing, those suspended in the whole
  /// alone.
  function accept(ScoreModel calldata model, address[] calldata signers, bytes[] calldata signatures) external;

  // ---- views

  /// @notice The tasks whose validators accepted a digest, first ones first. Whose it is, who computes it again finds out.
  function tasksOf(uint256 digest) external view returns (uint256[] memory);

  /// @notice A digest as a task's validators accepted it, and when; zeros where they did not.
  function modelOf(uint256 digest, uint256 task)
    external
    view
    returns (ScoreModel memory model, uint64 acceptedAt);

  /// @notice What trained a digest, by a task's validators; reverts with `ModelUnknown` where they did not accept it.
  function trainingOf(uint256 digest, uint256 task) external view returns (Training memory);

  /// @notice The shapes under which a digest was accepted with a schema: bit `k` for shape `k`.
  function shapesOf(uint256 digest, uint256 schema) external view returns (uint256);

  /// @notice The stake of a validator that was noted; 0 before.
  function stakeOf(uint256 task, address validator) external view returns (uint256);

  /// @notice Hash of a model that validators sign.
  function modelDigest(ScoreModel calldata model) external view returns (bytes32);
}

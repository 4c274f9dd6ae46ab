// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title Issuers: whose signature a lender believes, and which records are revoked
/// @notice A *set* is up to 256 keys on Baby Jubjub under a Merkle root (Poseidon of two inputs, depth 8, a leaf
/// `Poseidon(x, y)`, an empty one 0). Anyone makes a set, and is its curator; a lender's policy names one. A proof shows
/// that one of a set's keys signed, and not which; so only the current root is accepted, and what a bad key signed cannot
/// be told from what the others did.
///
/// What it rests on: a set's curator. It can add a key of its own, and sign what it likes. It cannot touch credentials of
/// other sets, nor bring back what was revoked.
interface IIssuers {
  /// @notice A point of Baby Jubjub, by its coordinates below r.
  struct Key {
    uint256 x;
    uint256 y;
  }

  event SetCreated(uint256 indexed set, address indexed curator);
  event CuratorNamed(uint256 indexed set, address indexed next);
  event CuratorChanged(uint256 indexed set, address indexed curator);
  event IssuerAdded(uint256 indexed set, uint256 indexed index, Key key, uint256 root);
  event IssuerRotated(uint256 indexed set, uint256 indexed index, Key key, uint256 root);
  event IssuerRemoved(uint256 indexed set, uint256 indexed index, uint256 root);
  /// @notice All that was shown of a set before is no longer in force.
  event Recalled(uint256 indexed set, uint256 generation);
  event SerialRevoked(uint256 indexed serialHash, uint256 serial);

  error NotCurator(uint256 set, address caller);
  error SetFull(uint256 set);
  error IssuerUnknown(uint256 set, uint256 index);
  /// @notice The key stands in the set already: were it there twice, to remove it once would change nothing.
  error IssuerKnown(uint256 set, uint256 index);
  /// @notice Not a point of the curve, or one with x = 0, which anybody signs for.
  error KeyInvalid(uint256 x, uint256 y);
  error AlreadyRevoked(uint256 serialHash);

  // ---- curators

  /// @notice Makes an empty set.
  /// @return set its number, from 1.
  function create() external returns (uint256 set);

  /// @notice Names who may take the set over, with `takeOver`; zero takes that back.
  function handOver(uint256 set, address next) external;

  /// @notice The one that `handOver` named becomes the set's curator.
  function takeOver(uint256 set) external;

  /// @notice Adds an issuer's key.
  /// @return index of its leaf, from 0 in order; an index is never used again.
  function add(uint256 set, Key calldata key) external returns (uint256 index);

  /// @notice Puts an issuer's next key in the place of its present one. What the old key signed gives no new credential;
  /// credentials that were shown before stand.
  function rotate(uint256 set, uint256 index, Key calldata key) external;

  /// @notice Takes an issuer's key out, and recalls: the key is not believed any more, and who showed what it signed cannot
  /// be told from the others. The others show theirs again.
  function remove(uint256 set, uint256 index) external;

  /// @notice Ends all credentials that were shown of the set until now: for a key that was rotated and turned out stolen.
  function recall(uint256 set) external;

  // ---- who knows a record's serial: its issuer and its holder

  /// @notice Revokes the record, for ever and everywhere. The serial is 31 random bytes that were shown to nobody else, so
  /// nobody else can; it is public afterwards.
  function revoke(uint256 serial) external returns (uint256 serialHash);

  // ---- views

  function setCount() external view returns (uint256);

  function curatorOf(uint256 set) external view returns (address);

  /// @notice The Merkle root of the set's keys as they are now.
  function rootOf(uint256 set) external view returns (uint256);

  /// @notice Keys that were ever added, by the index of their leaves; zeros where one was removed.
  function keysOf(uint256 set) external view returns (Key[] memory);

  /// @notice How often the set was recalled.
  function generationOf(uint256 set) external view returns (uint256);

  /// @notice When a set's credentials of a generation, counted from 0, were recalled; 0 if they were not.
  function recalledAt(uint256 set, uint256 generation) external view returns (uint256);

  /// @notice When the record whose serial hashes to this was revoked; 0 if it was not.
  function revokedAt(uint256 serialHash) external view returns (uint256);

  /// @notice `Poseidon(serial, 0)`, as the statement has it.
  function serialHashOf(uint256 serial) external pure returns (uint256);
}

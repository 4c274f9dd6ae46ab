// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { KeyRegistration } from "./Types.sol";

/// @title The committee's keys: digests only
/// @notice Every member registers its P2P identity and its sealing key, a trainer also its share of the collective
/// key; the trainers then deal their secrets among each other, decrypt a known sum (self-test), and each confirms the
/// collective key under which that worked for it. Who keeps the others from that is at fault: by silence, where most
/// trainers dealt, or because most of the validators' stake found that what it named is nowhere, or is something else.
interface IKeyRegistry {
  /// @param epoch of the key for which the member registered last, 0 if none.
  /// @param dealtIn last epoch for which a trainer announced its dealing.
  /// @param confirmedKey collective key that it confirmed in that epoch; zero if none.
  struct Keys {
    uint32 epoch;
    uint32 dealtIn;
    bytes32 confirmedKey;
  }

  event KeysRegistered(
    uint256 indexed task,
    uint256 indexed epoch,
    address indexed account,
    bytes peer,
    bytes32 sealingKey,
    bytes32 keyShare
  );
  /// @notice A trainer's dealing: its secret in shares, sealed to each trainer.
  event Dealt(uint256 indexed task, uint256 indexed epoch, address indexed account, bytes32 digest);
  /// @notice A validator found that a trainer's key share or dealing is nowhere, or is something else.
  event Rejected(uint256 indexed task, uint256 indexed epoch, address indexed trainer, address validator);
  event KeyConfirmed(
    uint256 indexed task, uint256 indexed epoch, address indexed account, bytes32 collectiveKey
  );

  error NotKeying(uint256 task);
  error StageOver(uint256 task, uint256 deadline);
  error NotMember(uint256 task, address account);
  error NotTrainer(uint256 task, address account);
  error WrongEpoch(uint256 epoch, uint256 current);
  error SignatureInvalid(address account);
  error PeerLength(uint256 length, uint256 max);
  error KeyShareInvalid(address account, bytes32 keyShare);
  error CollectiveKeyMissing();
  error AlreadyRegistered(uint256 task, uint256 epoch, address account);
  error NotRegistered(uint256 task, uint256 epoch, address account);
  error AlreadyDealt(uint256 task, uint256 epoch, address account);
  error AlreadyRejected(uint256 task, uint256 epoch, address trainer, address validator);
  error NotValidator(uint256 task, address account);
  error AlreadyConfirmed(uint256 task, uint256 epoch, address account);

  /// @notice Publishes a member's keys for the current epoch; anyone may bring the signed registration.
  function registerKeys(KeyRegistration calldata registration, bytes calldata signature) external;

  /// @notice Announces a trainer's dealing, once an epoch.
  function deal(uint256 task, uint256 epoch, bytes32 digest) external;

  /// @notice A validator's vote that a trainer keeps the key from being made: what it registered or dealt cannot be
  /// had, or is something else.
  function reject(uint256 task, uint256 epoch, address trainer) external;

  /// @notice Whether a member kept this epoch from giving a key: it did not register; it is a trainer and did not deal,
  /// though more than half of the trainers did; or validators with more than half of the validators' stake rejected it.
  /// What most trainers could deal with, all could.
  /// @param dealers the trainers of the epoch; 0 where the account is a validator.
  function isAtFault(uint256 task, uint256 epoch, address account, uint256 dealers)
    external
    view
    returns (bool);

  /// @notice A trainer's word that the self-test decrypted under this collective key. The task starts when all agree;
  /// at the deadline, with the trainers of the key that most of them confirmed.
  function confirmKey(uint256 task, uint256 epoch, bytes32 collectiveKey) external;

  /// @notice The key that most of these trainers confirmed in this epoch; of two with as many, the one that the
  /// earlier in the list confirmed.
  function plurality(uint256 task, uint256 epoch, address[] calldata trainers)
    external
    view
    returns (bytes32 key, uint256 votes);

  function keysOf(uint256 task, address account) external view returns (Keys memory);

  /// @notice Hash of a registration that its account signs (EIP-712).
  function registrationDigest(KeyRegistration calldata registration) external view returns (bytes32);
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IKeyRegistry } from "./interfaces/IKeyRegistry.sol";
import { IMarketplace } from "./interfaces/IMarketplace.sol";
import { KeyRegistration, Role, TaskStatus } from "./interfaces/Types.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { System, Wired } from "./Wired.sol";

/// @title The committee's keys: digests only
/// @notice A registration is signed (EIP-712), so that peers can check the bond of account, P2P identity and keys
/// without the chain, and anyone can bring it.
contract KeyRegistry is IKeyRegistry, Wired, EIP712 {
  using SafeCast for uint256;

  uint256 private constant MAX_PEER_LENGTH = 64;

  /// @dev Who rejected a trainer. Whether they have most of the stake is settled with each vote, by who votes: settled when
  /// the stage is closed, votes of a minority could make closing dearer than any transaction may be.
  struct Rejection {
    uint128 stake;
    bool carried;
    mapping(address validator => bool) voted;
  }

  bytes32 private constant REGISTRATION = keccak256(
    "KeyRegistration(uint256 task,uint32 epoch,address account,bytes peer,bytes32 sealingKey,bytes32 keyShare)"
  );

  mapping(uint256 task => mapping(address account => Keys)) private _keys;
  mapping(uint256 task => mapping(uint256 epoch => uint256)) private _dealt;
  mapping(uint256 task => mapping(uint256 epoch => mapping(address trainer => Rejection))) private
    _rejections;

  constructor(System memory system_) Wired(system_) EIP712("Murmuration KeyRegistry", "1") { }

  /// @inheritdoc IKeyRegistry
  function registerKeys(KeyRegistration calldata r, bytes calldata signature) external {
    (uint256 epoch, Role role) = _keying(r.task, r.account, r.epoch);
    Keys storage keys = _keys[r.task][r.account];
    require(keys.epoch != epoch, AlreadyRegistered(r.task, epoch, r.account));
    uint256 length = r.peer.length;
    require(length > 0 && length <= MAX_PEER_LENGTH, PeerLength(length, MAX_PEER_LENGTH));
    require((role == Role.Trainer) == (r.keyShare != 0), KeyShareInvalid(r.account, r.keyShare));
    (keys.epoch, keys.confirmedKey) = (r.epoch, 0);
    emit KeysRegistered(r.task, epoch, r.account, r.peer, r.sealingKey, r.keyShare);
    require(Signatures.isValid(r.account, registrationDigest(r), signature), SignatureInvalid(r.account));
  }

  /// @inheritdoc IKeyRegistry
  function deal(uint256 task, uint256 epoch, bytes32 digest) external {
    Keys storage keys = _registeredTrainer(task, epoch, msg.sender);
    require(keys.dealtIn != epoch, AlreadyDealt(task, epoch, msg.sender));
    // forge-lint: disable-next-line(unsafe-typecast)
    keys.dealtIn = uint32(epoch);
    ++_dealt[task][epoch];
    emit Dealt(task, epoch, msg.sender, digest);
  }

  /// @inheritdoc IKeyRegistry
  function reject(uint256 task, uint256 epoch, address trainer) external {
    (, Role role) = _keying(task, msg.sender, epoch);
    require(role == Role.Validator, NotValidator(task, msg.sender));
    _registeredTrainer(task, epoch, trainer);
    Rejection storage rejection = _rejections[task][epoch][trainer];
    require(!rejection.voted[msg.sender], AlreadyRejected(task, epoch, trainer, msg.sender));
    rejection.voted[msg.sender] = true;
    // Nobody's pledge or seat changes before the stage is closed.
    uint256 behind = rejection.stake + VAULT.pledgeOf(task, msg.sender);
    (rejection.stake, rejection.carried) = (behind.toUint128(), 2 * behind > _validatorsStake(task));
    emit Rejected(task, epoch, trainer, msg.sender);
  }

  /// @inheritdoc IKeyRegistry
  function confirmKey(uint256 task, uint256 epoch, bytes32 collectiveKey) external {
    Keys storage keys = _registeredTrainer(task, epoch, msg.sender);
    require(collectiveKey != 0, CollectiveKeyMissing());
    require(keys.confirmedKey == 0, AlreadyConfirmed(task, epoch, msg.sender));
    keys.confirmedKey = collectiveKey;
    emit KeyConfirmed(task, epoch, msg.sender, collectiveKey);
  }

  /// @inheritdoc IKeyRegistry
  function plurality(uint256 task, uint256 epoch, address[] calldata trainers)
    external
    view
    returns (bytes32 key, uint256 votes)
  {
    uint256 n = trainers.length;
    bytes32[] memory confirmed = new bytes32[](n);
    for (uint256 i; i < n; ++i) {
      Keys storage keys = _keys[task][trainers[i]];
      if (keys.epoch == epoch) confirmed[i] = keys.confirmedKey;
    }
    for (uint256 i; i < n; ++i) {
      uint256 count;
      for (uint256 j; j < n && confirmed[i] != 0; ++j) {
        if (confirmed[j] == confirmed[i]) ++count;
      }
      if (count > votes) (key, votes) = (confirmed[i], count);
    }
  }

  /// @inheritdoc IKeyRegistry
  function isAtFault(uint256 task, uint256 epoch, address account, uint256 dealers)
    external
    view
    returns (bool)
  {
    Keys storage keys = _keys[task][account];
    if (keys.epoch != epoch) return true;
    if (dealers == 0) return false;
    if (keys.dealtIn != epoch && 2 * _dealt[task][epoch] > dealers) return true;
    return _rejections[task][epoch][account].carried;
  }

  /// @inheritdoc IKeyRegistry
  function keysOf(uint256 task, address account) external view returns (Keys memory) {
    return _keys[task][account];
  }

  /// @inheritdoc IKeyRegistry
  function registrationDigest(KeyRegistration calldata r) public view returns (bytes32) {
    return _hashTypedDataV4(
      keccak256(
        abi.encode(REGISTRATION, r.task, r.epoch, r.account, keccak256(r.peer), r.sealingKey, r.keyShare)
      )
    );
  }

  /// @dev The keys of a trainer that has registered in the epoch that is being keyed.
  function _registeredTrainer(uint256 task, uint256 epoch, address account)
    private
    view
    returns (Keys storage keys)
  {
    (, Role role) = _keying(task, account, epoch);
    require(role == Role.Trainer, NotTrainer(task, account));
    keys = _keys[task][account];
    require(keys.epoch == epoch, NotRegistered(task, epoch, account));
  }

  function _validatorsStake(uint256 task) private view returns (uint256 total) {
    (, address[] memory validators) = MARKETPLACE.membersOf(task);
    for (uint256 i; i < validators.length; ++i) {
      total += VAULT.pledgeOf(task, validators[i]);
    }
  }

  /// @dev The task is keying, in this epoch, and this account has a seat in it.
  function _keying(uint256 task, address account, uint256 epoch) private view returns (uint256, Role) {
    IMarketplace.TaskState memory state = MARKETPLACE.stateOf(task);
    require(state.status == TaskStatus.Keying, NotKeying(task));
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= state.deadline, StageOver(task, state.deadline));
    require(epoch == state.epoch, WrongEpoch(epoch, state.epoch));
    IMarketplace.Applicant memory applicant = MARKETPLACE.applicantOf(task, account);
    require(applicant.role != Role.None && !applicant.removed, NotMember(task, account));
    return (epoch, applicant.role);
  }
}

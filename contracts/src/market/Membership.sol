// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { MerkleProof } from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import { IMarketplace } from "../interfaces/IMarketplace.sol";
import { Role, TaskStatus } from "../interfaces/Types.sol";
import { Draw } from "../libraries/Draw.sol";
import { TaskBook } from "./TaskBook.sol";

/// @title Joining a task, and the draw when more join than there are seats
/// @notice The draw's seed is what the applicants committed to when they joined, together with the beacon's
/// randomness of the block that closes joining. Who closes, and its block's proposer, do not know the secrets; who
/// reveals last knows the outcome, and can only drop out of it, which costs it its seat and a slash. So neither the
/// proposer nor one member alone can steer the draw; both together with every other applicant could.
abstract contract Membership is TaskBook {
  /// @dev Applications for each role: what bounds the draw's loops.
  uint256 internal constant MAX_APPLICANTS = 128;
  /// @dev Wmax of every preset: a sum's lanes have ten bits more than an update's.
  uint256 internal constant MAX_WEIGHT = 1023;

  bytes32 private constant DRAW = keccak256("murmuration/v1/draw");

  /// @inheritdoc IMarketplace
  function join(
    uint256 number,
    Role role,
    uint16 weight,
    uint128 stake,
    bytes32 terms,
    bytes32[] calldata proof,
    bytes32 entropy
  ) external {
    Task storage task = _inStatus(number, TaskStatus.Open);
    _beforeDeadline(number, task);
    require(terms == task.state.terms, TermsDiffer(number, terms, task.state.terms));
    require(role != Role.None, RoleInvalid(role));
    Applicant storage applicant = task.applicants[msg.sender];
    require(applicant.role == Role.None, AlreadyJoined(number, msg.sender));
    require(stake >= task.economics.minStake, StakeBelowMinimum(stake, task.economics.minStake));
    require(
      _isListed(task.parameters.members, role, weight, proof), NotOnList(number, msg.sender, weight, role)
    );
    address[] storage list = _list(task, role);
    require(list.length < MAX_APPLICANTS, ApplicationsFull(number, role, MAX_APPLICANTS));
    if (role == Role.Trainer) {
      uint256 total = uint256(task.state.appliedWeight) + weight;
      require(total <= MAX_WEIGHT, WeightTooLarge(total, MAX_WEIGHT));
      // forge-lint: disable-next-line(unsafe-typecast)
      task.state.appliedWeight = uint16(total);
    }
    (applicant.role, applicant.weight, applicant.entropy) = (role, weight, entropy);
    list.push(msg.sender);
    emit Joined(number, msg.sender, role, weight, stake, entropy);
    VAULT.pledge(number, msg.sender, stake);
  }

  /// @inheritdoc IMarketplace
  function withdrawApplication(uint256 number) external {
    Task storage task = _inStatus(number, TaskStatus.Open);
    // Who takes all places must leave them to others for a while, or stay, and lose by it.
    uint256 until = task.state.deadline - task.deadlines.join / 4;
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= until, StageOver(number, until));
    Applicant storage applicant = _member(number, task, msg.sender);
    if (applicant.role == Role.Trainer) task.state.appliedWeight -= applicant.weight;
    address[] storage list = _list(task, applicant.role);
    delete task.applicants[msg.sender];
    for (uint256 i; i < list.length; ++i) {
      if (list[i] == msg.sender) {
        list[i] = list[list.length - 1];
        list.pop();
        break;
      }
    }
    emit Left(number, msg.sender);
    VAULT.release(number, msg.sender, 0);
  }

  /// @inheritdoc IMarketplace
  function revealSecret(uint256 number, bytes32 secret) external {
    Task storage task = _inStatus(number, TaskStatus.Drawing);
    _beforeDeadline(number, task);
    Applicant storage applicant = _member(number, task, msg.sender);
    require(!applicant.revealed, AlreadyRevealed(msg.sender));
    require(keccak256(abi.encode(secret, msg.sender)) == applicant.entropy, SecretMismatch(msg.sender));
    applicant.revealed = true;
    // A sum that does not depend on the order, of values that were hidden until now.
    task.state.entropy ^= keccak256(abi.encode(DRAW, number, secret, msg.sender));
    emit SecretRevealed(number, msg.sender, secret);
  }

  /// @dev From `Open`: to the draw, to keying, or to nothing.
  function _closeJoining(uint256 number, Task storage task) internal {
    bool crowded = task.trainers.length > task.parameters.maxTrainers
      || task.validators.length > task.parameters.maxValidators;
    bool early = msg.sender == task.state.planner && !crowded && _enough(task);
    // forge-lint: disable-next-line(block-timestamp)
    require(early || block.timestamp > task.state.deadline, StageNotOver(number, task.state.deadline));
    if (!_enough(task)) {
      _cancel(number, task);
    } else if (crowded) {
      task.state.entropy = bytes32(block.prevrandao);
      emit EntropySealed(number, bytes32(block.prevrandao));
      _enter(number, task, TaskStatus.Drawing, task.deadlines.draw);
    } else {
      _enterKeying(number, task);
    }
  }

  /// @dev From `Drawing`: those who revealed are drawn from.
  function _closeDraw(uint256 number, Task storage task) internal {
    bool complete = _allRevealed(task, task.trainers) && _allRevealed(task, task.validators);
    // forge-lint: disable-next-line(block-timestamp)
    require(complete || block.timestamp > task.state.deadline, StageNotOver(number, task.state.deadline));
    bytes32 seed = keccak256(abi.encode(DRAW, number, task.state.entropy));
    _draw(number, task, task.trainers, task.parameters.maxTrainers, keccak256(abi.encode(seed, Role.Trainer)));
    _draw(
      number,
      task,
      task.validators,
      task.parameters.maxValidators,
      keccak256(abi.encode(seed, Role.Validator))
    );
    if (_enough(task)) _enterKeying(number, task);
    else _cancel(number, task);
  }

  function _enterKeying(uint256 number, Task storage task) internal virtual;

  function _draw(uint256 number, Task storage task, address[] storage list, uint256 seats, bytes32 seed)
    private
  {
    uint256 kept;
    for (uint256 i; i < list.length; ++i) {
      address account = list[i];
      if (task.applicants[account].revealed) list[kept++] = account;
      else _removeNoShow(number, task, account);
    }
    _truncate(list, kept);
    if (kept <= seats) return;
    uint256[] memory stakes = new uint256[](kept);
    for (uint256 i; i < kept; ++i) {
      stakes[i] = VAULT.pledgeOf(number, list[i]);
    }
    bool[] memory drawn = Draw.weighted(stakes, seats, seed);
    uint256 seated;
    for (uint256 i; i < kept; ++i) {
      address account = list[i];
      if (drawn[i]) list[seated++] = account;
      else _remove(number, task, account);
    }
    _truncate(list, seated);
  }

  function _truncate(address[] storage list, uint256 length) internal {
    while (list.length > length) list.pop();
  }

  function _allRevealed(Task storage task, address[] storage list) private view returns (bool) {
    for (uint256 i; i < list.length; ++i) {
      if (!task.applicants[list[i]].revealed) return false;
    }
    return true;
  }

  /// @dev An open task gives everyone weight 1; a validator's probe always has weight 1.
  function _isListed(bytes32 root, Role role, uint16 weight, bytes32[] calldata proof)
    private
    view
    returns (bool)
  {
    if (weight == 0 || (weight != 1 && role == Role.Validator)) return false;
    if (root == 0) return weight == 1 && proof.length == 0;
    bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender, uint32(weight), uint8(role)))));
    return MerkleProof.verifyCalldata(proof, root, leaf);
  }
}

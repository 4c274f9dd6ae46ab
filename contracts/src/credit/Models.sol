// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import { IMarketplace } from "../interfaces/IMarketplace.sol";
import { IRounds } from "../interfaces/IRounds.sol";
import { IStakeVault } from "../interfaces/IStakeVault.sol";
import { Role, Standing, TaskParameters, TaskStatus } from "../interfaces/Types.sol";
import { Bn254 } from "../libraries/Bn254.sol";
import { Signatures } from "../libraries/Signatures.sol";
import { IModels } from "./interfaces/IModels.sol";

/// @title Models: fixed-point models whose training the validators answer for
/// @notice Reads a deployment's tasks, and is known to none of its contracts.
contract Models is IModels, EIP712 {
  bytes32 private constant SCORE_MODEL = keccak256(
    "ScoreModel(uint256 digest,uint256 task,bytes32 source,bytes32 content,uint256 schema,uint8 shape)"
  );

  IMarketplace public immutable marketplace;
  IRounds public immutable rounds;
  IStakeVault public immutable vault;

  struct Accepted {
    ScoreModel model;
    uint64 acceptedAt;
  }

  mapping(uint256 digest => mapping(uint256 task => Accepted)) private _models;
  mapping(uint256 digest => uint256[]) private _tasks;
  /// @inheritdoc IModels
  mapping(uint256 digest => mapping(uint256 schema => uint256)) public shapesOf;
  mapping(uint256 task => bool) private _enrolled;
  /// @inheritdoc IModels
  mapping(uint256 task => mapping(address validator => uint256)) public stakeOf;

  /// @param marketplace_ its rounds and vault are those of the same deployment: `murmur deployment verify` compares.
  constructor(IMarketplace marketplace_, IRounds rounds_, IStakeVault vault_)
    EIP712("Murmuration Models", "1")
  {
    (marketplace, rounds, vault) = (marketplace_, rounds_, vault_);
  }

  // ---- anyone

  /// @inheritdoc IModels
  function enrol(uint256 task) public {
    IMarketplace.TaskState memory state = marketplace.stateOf(task);
    require(state.status == TaskStatus.Ended, TaskNotEnded(task));
    if (_enrolled[task]) return;
    uint256 until = uint256(state.deadline) + marketplace.deadlinesOf(task).appeal;
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp < until, StakeReleased(task, until));
    _enrolled[task] = true;
    (, address[] memory validators) = rounds.committeeOf(task);
    uint256[] memory stakes = new uint256[](validators.length);
    for (uint256 i; i < validators.length; ++i) {
      stakes[i] = vault.pledgeOf(task, validators[i]);
      stakeOf[task][validators[i]] = stakes[i];
    }
    emit Enrolled(task, validators, stakes);
  }

  /// @inheritdoc IModels
  function accept(ScoreModel calldata m, address[] calldata signers, bytes[] calldata signatures) external {
    require(_models[m.digest][m.task].acceptedAt == 0, ModelKnown(m.digest, m.task));
    require(m.digest != 0 && m.digest < Bn254.R && m.schema < 2 ** 248, ModelInvalid(m.digest, m.schema));
    enrol(m.task);
    bytes32 last = rounds.modelOf(m.task);
    require(m.source == last, SourceDiffers(m.task, m.source, last));
    require(last != marketplace.parametersOf(m.task).model, NothingTrained(m.task));
    uint256 behind = _behind(m.task, modelDigest(m), signers, signatures);
    uint256 total = _total(m.task);
    require(2 * behind > total, QuorumMissing(behind, total));
    _models[m.digest][m.task] = Accepted(m, uint64(block.timestamp));
    _tasks[m.digest].push(m.task);
    // forge-lint: disable-next-line(incorrect-shift)
    shapesOf[m.digest][m.schema] |= 1 << m.shape;
    emit ModelAccepted(m.digest, m.task, m.source, m.content, m.schema, m.shape, behind, total);
  }

  // ---- views

  /// @inheritdoc IModels
  function tasksOf(uint256 digest) external view returns (uint256[] memory) {
    return _tasks[digest];
  }

  /// @inheritdoc IModels
  function modelOf(uint256 digest, uint256 task) external view returns (ScoreModel memory, uint64) {
    Accepted storage accepted = _models[digest][task];
    return (accepted.model, accepted.acceptedAt);
  }

  /// @inheritdoc IModels
  function trainingOf(uint256 digest, uint256 task) external view returns (Training memory training) {
    require(_models[digest][task].acceptedAt != 0, ModelUnknown(digest, task));
    TaskParameters memory parameters = marketplace.parametersOf(task);
    (training.task, training.rounds) = (task, address(rounds));
    (training.metadata, training.first) = (parameters.metadata, parameters.model);
    training.last = rounds.modelOf(task);
    training.concluded = rounds.stageOf(task).concluded;
    (training.trainers, training.validators) = rounds.committeeOf(task);
  }

  /// @inheritdoc IModels
  function modelDigest(ScoreModel calldata m) public view returns (bytes32) {
    return _hashTypedDataV4(
      keccak256(abi.encode(SCORE_MODEL, m.digest, m.task, m.source, m.content, m.schema, m.shape))
    );
  }

  // ---- inside

  /// @dev Stake of the signers: validators in good standing, each once.
  function _behind(uint256 task, bytes32 digest, address[] calldata signers, bytes[] calldata signatures)
    private
    view
    returns (uint256 behind)
  {
    require(signers.length == signatures.length, SignatureCount(signers.length, signatures.length));
    address last;
    for (uint256 i; i < signers.length; ++i) {
      address signer = signers[i];
      require(signer > last, SignersNotAscending(signer));
      IRounds.Seat memory seat = rounds.seatOf(task, signer);
      require(seat.role == Role.Validator && seat.standing == Standing.Good, SignerNotValidator(signer));
      require(Signatures.isValid(signer, digest, signatures[i]), SignatureInvalid(signer));
      behind += stakeOf[task][signer];
      last = signer;
    }
  }

  /// @dev Stake of all validators that were not ejected: were the suspended left out, a minority could accuse the others
  /// one by one, and be the majority of who is left.
  function _total(uint256 task) private view returns (uint256 total) {
    (, address[] memory validators) = rounds.committeeOf(task);
    for (uint256 i; i < validators.length; ++i) {
      if (rounds.seatOf(task, validators[i]).standing == Standing.Ejected) continue;
      total += stakeOf[task][validators[i]];
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { ICredentials } from "./interfaces/ICredentials.sol";
import { IIssuers } from "./interfaces/IIssuers.sol";
import { IModels } from "./interfaces/IModels.sol";
import { IScoreVerifier } from "./interfaces/IScoreVerifier.sol";

/// @title Credentials: brackets that borrowers proved of themselves
/// @notice No owner, nothing to upgrade: keys, models and issuers' contract are those of its birth.
contract Credentials is ICredentials {
  using SafeCast for uint256;

  uint256 public constant PERIOD = 30 days;
  /// @notice Before an period's end: when who has a credential may show that of the next.
  uint256 public constant RENEWAL = 7 days;
  uint256 public constant WORST_BRACKET = 9;
  /// @notice As EAS hashes a schema: its text, no resolver, revocable.
  bytes32 public constant SCHEMA = keccak256(
    abi.encodePacked(
      "uint256 model,uint256 set,uint8 bracket,uint256 nullifier,uint256 serialHash", address(0), true
    )
  );

  IModels public immutable models;
  IIssuers public immutable issuers;
  /// @notice Whether the keys' secrets are known; only ever true on a development chain.
  bool public immutable developmentKeys;

  /// @notice Credentials that were ever shown.
  uint256 public shown;
  IScoreVerifier[] private _verifiers;
  mapping(bytes32 uid => Credential) private _credentials;
  mapping(bytes32 about => bytes32) private _current;
  mapping(uint256 set => mapping(uint256 nullifier => bytes32)) private _nullifiers;

  /// @param verifiers by shape of the statement, as `IModels.ScoreModel` numbers them.
  constructor(IModels models_, IIssuers issuers_, IScoreVerifier[] memory verifiers, bool developmentKeys_) {
    require(!developmentKeys_ || _isDevelopmentChain(), DevelopmentKeysRefused(block.chainid));
    (models, issuers, developmentKeys) = (models_, issuers_, developmentKeys_);
    _verifiers = verifiers;
  }

  // ---- borrowers

  /// @inheritdoc ICredentials
  function show(uint256 set, uint256[9] calldata signals, uint256[8] calldata proof)
    external
    returns (bytes32 uid)
  {
    uint256 shapes = _check(set, signals);
    bytes32 about = _about(msg.sender, signals[1], set);
    bytes32 last = _current[about];
    _checkNullifier(set, signals[7]);
    _checkUntil(last, signals[6]);
    require(_holds(shapes, signals, proof), ProofInvalid());
    uid = keccak256(abi.encode(block.chainid, address(this), ++shown));
    if (last != 0) _credentials[last].replacedAt = uint64(block.timestamp);
    _keep(_credentials[uid], set, signals);
    _credentials[uid].replaces = last;
    _current[about] = uid;
    _nullifiers[set][signals[7]] = uid;
    emit CredentialShown(msg.sender, signals[1], set, uid, signals[5], signals[6], signals[7], signals[8]);
    emit Attested(msg.sender, address(this), uid, SCHEMA);
  }

  // ---- views

  /// @inheritdoc ICredentials
  function domain() public view returns (uint256) {
    return uint256(keccak256(abi.encode(block.chainid, address(this)))) & (2 ** 248 - 1);
  }

  /// @inheritdoc ICredentials
  function periodEnd() public view returns (uint256) {
    return (block.timestamp + PERIOD - 1) / PERIOD * PERIOD;
  }

  /// @inheritdoc ICredentials
  function standingOf(address subject, uint256 model, uint256 set)
    external
    view
    returns (uint256 bracket, uint256 end)
  {
    bytes32 uid = _current[_about(subject, model, set)];
    if (uid == 0) return (WORST_BRACKET, 0);
    return (_credentials[uid].bracket, _end(_credentials[uid]));
  }

  /// @inheritdoc ICredentials
  function uidOf(address subject, uint256 model, uint256 set) external view returns (bytes32) {
    return _current[_about(subject, model, set)];
  }

  /// @inheritdoc ICredentials
  function credentialOf(bytes32 uid) external view returns (Credential memory credential) {
    credential = _credentials[uid];
    require(credential.subject != address(0), CredentialUnknown(uid));
  }

  /// @inheritdoc ICredentials
  function getAttestation(bytes32 uid) external view returns (Attestation memory a) {
    Credential storage c = _credentials[uid];
    if (c.subject == address(0)) return a;
    uint256 end = _end(c);
    (a.uid, a.schema, a.time, a.expirationTime) = (uid, SCHEMA, c.shownAt, c.until);
    // forge-lint: disable-next-line(unsafe-typecast)
    if (end <= c.until) a.revocationTime = uint64(end);
    (a.refUID, a.recipient, a.attester, a.revocable) = (c.replaces, c.subject, address(this), true);
    a.data = abi.encode(c.model, c.set, c.bracket, c.nullifier, c.serialHash);
  }

  /// @inheritdoc ICredentials
  function isAttestationValid(bytes32 uid) external view returns (bool) {
    return _inForce(uid);
  }

  /// @notice The verifier of a shape of the statement.
  function verifierOf(uint256 shape) public view returns (IScoreVerifier) {
    require(shape < _verifiers.length, ShapeUnknown(shape));
    return _verifiers[shape];
  }

  // ---- inside

  function _keep(Credential storage c, uint256 set, uint256[9] calldata signals) private {
    (c.subject, c.until, c.bracket) = (msg.sender, signals[6].toUint64(), signals[5].toUint8());
    (c.shownAt, c.set) = (uint64(block.timestamp), set.toUint64());
    c.generation = issuers.generationOf(set).toUint64();
    (c.model, c.nullifier, c.serialHash) = (signals[1], signals[7], signals[8]);
  }

  /// @dev What does not depend on what the subject showed before.
  /// @return shapes under which the model was accepted.
  function _check(uint256 set, uint256[9] calldata signals) private view returns (uint256 shapes) {
    require(signals[0] == domain(), DomainDiffers(signals[0], domain()));
    shapes = models.shapesOf(signals[1], signals[3]);
    require(shapes != 0, ModelNotAccepted(signals[1], signals[3]));
    uint256 root = issuers.rootOf(set);
    require(signals[2] == root, RootNotCurrent(set, signals[2], root));
    require(signals[4] == uint160(msg.sender), SubjectDiffers(signals[4], msg.sender));
    require(signals[5] <= WORST_BRACKET, BracketOutOfRange(signals[5]));
    require(issuers.revokedAt(signals[8]) == 0, RecordRevoked(signals[8]));
  }

  /// @dev Whether the proof holds for one of the shapes. Anybody with a task of its own can add a false one, of which no proof
  /// holds: the model's digest is made for one shape.
  function _holds(uint256 shapes, uint256[9] calldata signals, uint256[8] calldata proof)
    private
    view
    returns (bool)
  {
    bool known;
    for (uint256 shape; shape < _verifiers.length; ++shape) {
      if ((shapes >> shape) & 1 == 0) continue;
      if (_verifiers[shape].verify(signals, proof)) return true;
      known = true;
    }
    require(known, ShapesUnknown(shapes));
    return false;
  }

  /// @dev The end of this period; in its last week, for who has a credential in force, that of the next.
  function _checkUntil(bytes32 last, uint256 until) private view {
    // forge-lint: disable-next-line(block-timestamp)
    require(block.timestamp <= until, CredentialExpired(until));
    uint256 end = periodEnd();
    bool has = _inForce(last);
    // forge-lint: disable-next-line(block-timestamp)
    bool renews = has && until == end + PERIOD && block.timestamp + RENEWAL > end;
    require(until == end || renews, UntilNotPeriodEnd(until, end));
    if (has) require(until > _credentials[last].until, Superseded(until, _credentials[last].until));
  }

  /// @dev A person's nullifier stays with the address that used it first. When that credential was revoked or recalled, the
  /// same address may show another record, or the same one anew.
  function _checkNullifier(uint256 set, uint256 nullifier) private view {
    bytes32 uid = _nullifiers[set][nullifier];
    if (uid == 0) return;
    address subject = _credentials[uid].subject;
    require(subject == msg.sender, NullifierOfAnother(nullifier, subject));
    require(!_inForce(uid), Replayed(nullifier));
  }

  function _inForce(bytes32 uid) private view returns (bool) {
    // forge-lint: disable-next-line(block-timestamp)
    return block.timestamp < _end(_credentials[uid]);
  }

  /// @dev The first second in which a credential is not in force; 0 of none.
  function _end(Credential storage c) private view returns (uint256 end) {
    if (c.subject == address(0)) return 0;
    end = uint256(c.until) + 1;
    end = _earlier(end, c.replacedAt);
    end = _earlier(end, issuers.revokedAt(c.serialHash));
    end = _earlier(end, issuers.recalledAt(c.set, c.generation));
  }

  /// @dev The earlier of two times, of which the second is 0 where it did not come.
  function _earlier(uint256 end, uint256 other) private pure returns (uint256) {
    return other != 0 && other < end ? other : end;
  }

  function _about(address subject, uint256 model, uint256 set) private pure returns (bytes32) {
    return keccak256(abi.encode(subject, model, set));
  }

  /// @dev The chains on which `VerifierRegistry` takes development keys.
  function _isDevelopmentChain() private view returns (bool) {
    return block.chainid == 31_337 || block.chainid == 1337;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

/// @title Credentials: brackets that borrowers proved of themselves
/// @notice A borrower shows a proof of the statement `score`: an issuer of a set signed a record about it, and the accepted
/// model puts the record into a bracket. The chain learns the nine signals, and nothing else of the record:
///
/// | signal | name | what it is |
/// | --- | --- | --- |
/// | 0 | domain | this contract on this chain, `domain()` |
/// | 1 | model | digest of the fixed-point model |
/// | 2 | issuers | root of the set of issuers |
/// | 3 | schema | digest of the record's schema |
/// | 4 | subject | the borrower's address |
/// | 5 | bracket | 0, the best, to 9 |
/// | 6 | until | last second of the credential; the record does not expire before |
/// | 7 | nullifier | of the person at its issuer, the model and `until` |
/// | 8 | serialHash | `Poseidon(serial, 0)`: by the serial the record is revoked |
///
/// **One at a time.** `until` is the end of the current period of 30 days. So a person has one credential of a model and a
/// set of issuers in an period, whatever addresses it has; in the last week the address that has it may renew it for the next
/// period. What one person has at several issuers, who do not know of each other, this cannot tell.
///
/// **In force** is a credential up to the second `until`, unless its record is revoked, its set recalled
/// (`IIssuers.remove`) or a newer one shown.
///
/// What it rests on: soundness of the statement and its keys (nobody else can check either), the set's curator and issuers
/// for what they sign, the model's validators (`IModels`).
interface ICredentials {
  /// @notice A credential as it is kept.
  /// @param until last second.
  /// @param generation of the set when it was shown.
  /// @param replacedAt when a newer one took its place; 0 until then.
  struct Credential {
    address subject;
    uint64 until;
    uint8 bracket;
    uint64 shownAt;
    uint64 replacedAt;
    uint64 set;
    uint64 generation;
    uint256 model;
    uint256 serialHash;
    uint256 nullifier;
    bytes32 replaces;
  }

  /// @notice A credential in the form of the Ethereum Attestation Service's `Attestation`.
  /// @param schema `keccak256` of what `data` encodes, as EAS hashes it: without resolver, revocable.
  /// @param refUID the credential in whose place it came; zero for none.
  /// @param data `abi.encode(model, set, bracket, nullifier, serialHash)`.
  struct Attestation {
    bytes32 uid;
    bytes32 schema;
    uint64 time;
    uint64 expirationTime;
    uint64 revocationTime;
    bytes32 refUID;
    address recipient;
    address attester;
    bool revocable;
    bytes data;
  }

  event CredentialShown(
    address indexed subject,
    uint256 indexed model,
    uint256 indexed set,
    bytes32 uid,
    uint256 bracket,
    uint256 until,
    uint256 nullifier,
    uint256 serialHash
  );
  /// @notice As EAS has it.
  event Attested(address indexed recipient, address indexed attester, bytes32 uid, bytes32 indexed schemaUID);

  error DevelopmentKeysRefused(uint256 chainId);
  /// @notice No verifier has one of the shapes: bit `k` for shape `k`.
  error ShapesUnknown(uint256 shapes);
  error ShapeUnknown(uint256 shape);
  /// @notice A proof for another chain, or another contract.
  error DomainDiffers(uint256 given, uint256 domain);
  /// @notice By no task's validators, or with other schemas alone.
  error ModelNotAccepted(uint256 model, uint256 schema);
  /// @notice A root that the set once had, or never: the borrower proves again, with the set as it is.
  error RootNotCurrent(uint256 set, uint256 given, uint256 root);
  /// @notice The proof is somebody else's.
  error SubjectDiffers(uint256 given, address sender);
  error BracketOutOfRange(uint256 bracket);
  error CredentialExpired(uint256 until);
  /// @notice Neither the end of the period, nor, for who may renew, that of the next.
  error UntilNotPeriodEnd(uint256 until, uint256 periodEnd);
  error RecordRevoked(uint256 serialHash);
  /// @notice The person has a credential of this period under another address.
  error NullifierOfAnother(uint256 nullifier, address subject);
  /// @notice What the nullifier stands for is in force.
  error Replayed(uint256 nullifier);
  /// @notice The subject has one in force that ends no earlier.
  error Superseded(uint256 until, uint256 newer);
  error ProofInvalid();
  error CredentialUnknown(bytes32 uid);

  /// @notice Shows a credential: the sender is its subject. It takes the place of an older one.
  /// @param set of issuers, whose root is signal 2.
  /// @return uid of the attestation.
  function show(uint256 set, uint256[9] calldata signals, uint256[8] calldata proof)
    external
    returns (bytes32 uid);

  // ---- views

  /// @notice What a proof's signal 0 must be.
  function domain() external view returns (uint256);

  /// @notice The last second of the current period: what `until` must be.
  function periodEnd() external view returns (uint256);

  /// @notice What a lender's policy asks: the subject's last credential of a model and a set.
  /// @return bracket 0 to 9; 9 where there never was one.
  /// @return end the first second in which it is not in force: after `until`, or when it was revoked or recalled. 0 where
  /// there never was one.
  function standingOf(address subject, uint256 model, uint256 set)
    external
    view
    returns (uint256 bracket, uint256 end);

  /// @notice The last credential's uid; zero where there never was one.
  function uidOf(address subject, uint256 model, uint256 set) external view returns (bytes32);

  function credentialOf(bytes32 uid) external view returns (Credential memory);

  /// @notice A credential as an attestation: `revocationTime` is when it was revoked, recalled or replaced. Zeros for an
  /// unknown uid.
  function getAttestation(bytes32 uid) external view returns (Attestation memory);

  /// @notice Whether it is in force. (EAS says whether it exists.)
  function isAttestationValid(bytes32 uid) external view returns (bool);
}

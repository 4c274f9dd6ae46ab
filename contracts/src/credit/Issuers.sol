// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IIssuers } from "./interfaces/IIssuers.sol";
import { Poseidon } from "./libraries/Poseidon.sol";

/// @title Issuers: whose signature a lender believes, and which records are revoked
/// @notice Belongs to nobody: each set has its own curator.
contract Issuers is IIssuers {
  uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
  /// @dev Baby Jubjub: `A x^2 + y^2 = 1 + D x^2 y^2` (EIP-2494).
  uint256 private constant A = 168_700;
  uint256 private constant D = 168_696;
  uint256 private constant DEPTH = 8;

  struct Set {
    address curator;
    address next;
    uint64 generation;
    Key[] keys;
    /// Where a leaf stands, plus one.
    mapping(uint256 leaf => uint256) places;
    mapping(uint256 level => mapping(uint256 index => uint256)) nodes;
    mapping(uint256 generation => uint256) recalledAt;
  }

  /// @inheritdoc IIssuers
  uint256 public setCount;
  /// @inheritdoc IIssuers
  mapping(uint256 serialHash => uint256) public revokedAt;
  mapping(uint256 set => Set) private _sets;

  // ---- curators

  /// @inheritdoc IIssuers
  function create() external returns (uint256 set) {
    set = ++setCount;
    _sets[set].curator = msg.sender;
    emit SetCreated(set, msg.sender);
  }

  /// @inheritdoc IIssuers
  function handOver(uint256 set, address next) external {
    _own(set).next = next;
    emit CuratorNamed(set, next);
  }

  /// @inheritdoc IIssuers
  function takeOver(uint256 set) external {
    Set storage s = _sets[set];
    require(msg.sender == s.next, NotCurator(set, msg.sender));
    (s.curator, s.next) = (msg.sender, address(0));
    emit CuratorChanged(set, msg.sender);
  }

  /// @inheritdoc IIssuers
  function add(uint256 set, Key calldata key) external returns (uint256 index) {
    Set storage s = _own(set);
    index = s.keys.length;
    require(index < 2 ** DEPTH, SetFull(set));
    s.keys.push(key);
    emit IssuerAdded(set, index, key, _place(set, s, index, key));
  }

  /// @inheritdoc IIssuers
  function rotate(uint256 set, uint256 index, Key calldata key) external {
    Set storage s = _own(set);
    _forget(set, s, index);
    s.keys[index] = key;
    emit IssuerRotated(set, index, key, _place(set, s, index, key));
  }

  /// @inheritdoc IIssuers
  function remove(uint256 set, uint256 index) external {
    Set storage s = _own(set);
    _forget(set, s, index);
    delete s.keys[index];
    emit IssuerRemoved(set, index, _climb(s, Poseidon.table(), index, 0));
    _recall(set, s);
  }

  /// @inheritdoc IIssuers
  function recall(uint256 set) external {
    _recall(set, _own(set));
  }

  // ---- who knows a record's serial

  /// @inheritdoc IIssuers
  function revoke(uint256 serial) external returns (uint256 serialHash) {
    serialHash = serialHashOf(serial);
    require(revokedAt[serialHash] == 0, AlreadyRevoked(serialHash));
    revokedAt[serialHash] = block.timestamp;
    emit SerialRevoked(serialHash, serial);
  }

  // ---- views

  /// @inheritdoc IIssuers
  function curatorOf(uint256 set) external view returns (address) {
    return _sets[set].curator;
  }

  /// @inheritdoc IIssuers
  function rootOf(uint256 set) external view returns (uint256) {
    return _node(_sets[set], DEPTH, 0);
  }

  /// @inheritdoc IIssuers
  function keysOf(uint256 set) external view returns (Key[] memory) {
    return _sets[set].keys;
  }

  /// @inheritdoc IIssuers
  function generationOf(uint256 set) external view returns (uint256) {
    return _sets[set].generation;
  }

  /// @inheritdoc IIssuers
  function recalledAt(uint256 set, uint256 generation) external view returns (uint256) {
    return _sets[set].recalledAt[generation];
  }

  /// @inheritdoc IIssuers
  function serialHashOf(uint256 serial) public pure returns (uint256) {
    return Poseidon.hash(Poseidon.table(), serial, 0);
  }

  // ---- inside

  function _own(uint256 set) private view returns (Set storage s) {
    s = _sets[set];
    require(msg.sender == s.curator, NotCurator(set, msg.sender));
  }

  /// @dev Writes a new key's leaf, and the path above it.
  function _place(uint256 set, Set storage s, uint256 index, Key calldata key)
    private
    returns (uint256 root)
  {
    _checkKey(key);
    bytes memory constants = Poseidon.table();
    uint256 leaf = Poseidon.hash(constants, key.x, key.y);
    if (s.places[leaf] != 0) revert IssuerKnown(set, s.places[leaf] - 1);
    s.places[leaf] = index + 1;
    return _climb(s, constants, index, leaf);
  }

  /// @dev A removed leaf is 0: no key's hash that anybody knows.
  function _forget(uint256 set, Set storage s, uint256 index) private {
    uint256 leaf = s.nodes[0][index];
    require(leaf != 0, IssuerUnknown(set, index));
    delete s.places[leaf];
  }

  /// @dev Writes a leaf and all nodes above it.
  /// @return node the root.
  function _climb(Set storage s, bytes memory constants, uint256 index, uint256 node)
    private
    returns (uint256)
  {
    for (uint256 level; level < DEPTH; ++level) {
      s.nodes[level][index] = node;
      uint256 sibling = _node(s, level, index ^ 1);
      node =
        index & 1 == 0 ? Poseidon.hash(constants, node, sibling) : Poseidon.hash(constants, sibling, node);
      index >>= 1;
    }
    s.nodes[DEPTH][0] = node;
    return node;
  }

  function _node(Set storage s, uint256 level, uint256 index) private view returns (uint256 node) {
    node = s.nodes[level][index];
    if (node == 0) node = _empty(level);
  }

  function _recall(uint256 set, Set storage s) private {
    s.recalledAt[s.generation] = block.timestamp;
    emit Recalled(set, ++s.generation);
  }

  /// @dev The order of a point is for the statement to check, which takes no signature under a key of small order.
  function _checkKey(Key calldata key) private pure {
    (uint256 x, uint256 y) = (key.x, key.y);
    require(x != 0 && x < R && y < R, KeyInvalid(x, y));
    (uint256 xx, uint256 yy) = (mulmod(x, x, R), mulmod(y, y, R));
    require(
      addmod(mulmod(A, xx, R), yy, R) == addmod(1, mulmod(D, mulmod(xx, yy, R), R), R), KeyInvalid(x, y)
    );
  }

  /// @dev The node over nothing but empty leaves: `e_0 = 0`, `e_(i+1) = Poseidon(e_i, e_i)`.
  function _empty(uint256 level) private pure returns (uint256) {
    if (level == 0) return 0;
    if (level == 1) return 0x2098f5fb9e239eab3ceac3f27b81e481dc3124d55ffed523a839ee8446b64864;
    if (level == 2) return 0x1069673dcdb12263df301a6ff584a7ec261a44cb9dc68df067a4774460b1f1e1;
    if (level == 3) return 0x18f43331537ee2af2e3d758d50f72106467c6eea50371dd528d57eb2b856d238;
    if (level == 4) return 0x07f9d837cb17b0d36320ffe93ba52345f1b728571a568265caac97559dbc952a;
    if (level == 5) return 0x2b94cf5e8746b3f5c9631f4c5df32907a699c58c94b2ad4d7b5cec1639183f55;
    if (level == 6) return 0x2dee93c5a666459646ea7d22cca9e1bcfed71e6951b953611d11dda32ea09d78;
    if (level == 7) return 0x078295e5a22b84e982cf601eb639597b8b0515a88cb5ac7fa8a4aabe3c87349d;
    return 0x2fa5e5f18f6027a6501bec864564472a616b2e274a41211a444cbe3a99f3cc61;
  }
}

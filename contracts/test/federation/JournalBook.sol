// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { Vm, VmSafe } from "forge-std/Vm.sol";
import { Settlement } from "../../src/Settlement.sol";
import { StakeVault } from "../../src/StakeVault.sol";
import { IStakeVault } from "../../src/interfaces/IStakeVault.sol";

/// @title Writes what a federation logged and who has what, step by step, for the test of `node/ledger`
/// @notice One record a line: `L step emitter data topic...` of each log, and `B account bonded queued pledged credit held`,
/// decimal, of each account whose books the step changed, then `E`.
contract JournalBook {
  Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
  string private constant FOLDER = "build/contracts/journals";

  StakeVault private immutable _VAULT;
  Settlement private immutable _SETTLEMENT;
  string private _file;
  uint256 private _step;
  mapping(address account => bytes32) private _books;

  /// @param name of the file, without its ending.
  constructor(string memory name, StakeVault vault, Settlement settlement) {
    (_VAULT, _SETTLEMENT) = (vault, settlement);
    VM.createDir(FOLDER, true);
    _file = string.concat(FOLDER, "/", name, ".txt");
    VM.writeFile(_file, "");
  }

  /// @notice Ends a step: all that was logged since the last one is its own.
  function close(address[] calldata accounts, uint256[] calldata tasks) external {
    VmSafe.Log[] memory logs = VM.getRecordedLogs();
    for (uint256 i; i < logs.length; ++i) {
      string memory line = string.concat("L ", VM.toString(_step), " ", VM.toString(logs[i].emitter));
      line = string.concat(line, " ", VM.toString(logs[i].data));
      for (uint256 j; j < logs[i].topics.length; ++j) {
        line = string.concat(line, " ", VM.toString(logs[i].topics[j]));
      }
      VM.writeLine(_file, line);
    }
    for (uint256 i; i < accounts.length; ++i) {
      _write(accounts[i], tasks);
    }
    VM.writeLine(_file, "E");
    ++_step;
  }

  function _write(address account, uint256[] calldata tasks) private {
    IStakeVault.Stake memory stake = _VAULT.stakeOf(account);
    (uint256 credit, uint256 held) = (_VAULT.creditOf(account), _heldOf(account, tasks));
    bytes32 books = keccak256(abi.encode(stake.bonded, stake.queued, stake.pledged, credit, held));
    if (_books[account] == books) return;
    _books[account] = books;
    string memory line = string.concat("B ", VM.toString(account), " ", VM.toString(stake.bonded));
    line = string.concat(line, " ", VM.toString(stake.queued), " ", VM.toString(stake.pledged));
    VM.writeLine(_file, string.concat(line, " ", VM.toString(credit), " ", VM.toString(held)));
  }

  /// @dev What strikes hold of pledges that stand.
  function _heldOf(address account, uint256[] calldata tasks) private view returns (uint256 held) {
    for (uint256 i; i < tasks.length; ++i) {
      if (_VAULT.pledgeOf(tasks[i], account) > 0) held += _SETTLEMENT.heldOf(tasks[i], account);
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { IMarketplace } from "../../src/interfaces/IMarketplace.sol";
import { IRounds } from "../../src/interfaces/IRounds.sol";
import { IDisputes } from "../../src/interfaces/IDisputes.sol";
import { IStakeVault } from "../../src/interfaces/IStakeVault.sol";
import { IValidation } from "../../src/interfaces/IValidation.sol";
import {
  Accusation,
  AlignmentChunk,
  Chunk,
  Judgement,
  Phase,
  Role,
  Selector,
  Standing,
  SumChunk,
  TaskParameters,
  TaskStatus
} from "../../src/interfaces/Types.sol";
import { Bn254 } from "../../src/libraries/Bn254.sol";
import { Settlement } from "../../src/Settlement.sol";
import { StakeVault } from "../../src/StakeVault.sol";
import { FederationTest } from "./FederationTest.sol";

/// @title Everybody, doing anything: all roles over two tasks at a time, honest accounts among others
/// @notice Accounts 0 to 2 (trainers) and 0, 1 (validators) are honest: before time passes they do what their seats
/// ask for. The others do as chance has it: nothing, too late, wrong proofs, wrong votes. Honest validators hold most
/// of the validators' stake, and accuse only accounts that are not honest. Any account may have one of two owners, and
/// pass from one to the other; then a thief has its key, too, and tries every way to the money.
contract Handler is FederationTest {
  uint256 private constant TRAINERS = 5;
  uint256 private constant HONEST_TRAINERS = 3;
  uint256 private constant VALIDATORS = 3;
  uint256 private constant HONEST_VALIDATORS = 2;
  uint256 private constant OWNERS = 2;
  uint256 private constant OWNER_KEY = 0xAA00;

  /// @notice Accounts that do what their seats ask for, in time.
  mapping(address account => bool) public isHonest;
  address[] public actors;
  uint256[] public tasks;
  /// @notice What was given for each account: an honest one never has less, with what was paid out of it.
  mapping(address account => uint256) public given;
  mapping(address account => uint256) public paidOut;
  /// @notice What was paid to each owner, of whichever accounts it owned.
  mapping(address owner => uint256) public paidTo;
  address[] public owners;
  /// @notice Tokens that went into and out of the vault.
  uint256 public moneyIn;
  uint256 public moneyOut;
  /// @notice Furthest point of each task: status, then round and phase.
  mapping(uint256 task => uint256) public progress;
  /// @notice Rounds accepted, members slashed: that the run reaches what it is about.
  uint256 public settled;
  uint256 public excluded;
  /// @notice Ways of a thief that were tried.
  uint256 public thefts;

  mapping(uint256 task => uint256) private _posted;
  bytes32[] private _filed;
  /// @dev Trainers, then validators.
  address[] private _members;
  mapping(address account => uint256) private _keys;

  function setUp() public override {
    super.setUp();
    for (uint256 i; i < TRAINERS; ++i) {
      _members.push(trainerAt(i));
      _welcome(trainerAt(i));
      isHonest[trainerAt(i)] = i < HONEST_TRAINERS;
    }
    for (uint256 i; i < VALIDATORS; ++i) {
      _members.push(validatorAt(i));
      _welcome(validatorAt(i));
      isHonest[validatorAt(i)] = i < HONEST_VALIDATORS;
    }
    _welcome(keeper);
    actors.push(planner);
    actors.push(prover);
    given[prover] = STAKE;
    (_keys[keeper], _keys[planner], _keys[prover]) = (0xE100, 0xD100, 0xC100);
    for (uint256 i; i < TRAINERS; ++i) {
      _keys[trainerAt(i)] = TRAINER_KEY + i;
    }
    for (uint256 i; i < VALIDATORS; ++i) {
      _keys[validatorAt(i)] = VALIDATOR_KEY + i;
    }
    for (uint256 i; i < OWNERS; ++i) {
      owners.push(vm.addr(OWNER_KEY + i));
      _keys[owners[i]] = OWNER_KEY + i;
      fund(owners[i], 0);
    }
    moneyIn += STAKE;
  }

  function defaultParameters() internal view override returns (TaskParameters memory p) {
    p = super.defaultParameters();
    p.maxValidators = 2 + uint16(_posted[0] % 2);
    p.selector = Selector(_posted[0] % 2);
    p.rounds = 2;
  }

  function theVault() external view returns (StakeVault) {
    return vault;
  }

  function theSettlement() external view returns (Settlement) {
    return settlement;
  }

  function filed() external view returns (uint256) {
    return _filed.length;
  }

  function actorCount() external view returns (uint256) {
    return actors.length;
  }

  function ownerCount() external view returns (uint256) {
    return owners.length;
  }

  function taskTotal() external view returns (uint256) {
    return tasks.length;
  }

  // ---- the vault

  function bondSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    amount = bound(amount, 1, 100 ether);
    _bond(account, amount);
  }

  function queueSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    uint256 bonded = vault.stakeOf(account).bonded;
    if (bonded == 0) return;
    vm.prank(vault.ownerOf(account));
    vault.queue(account, bound(amount, 1, bonded));
  }

  function requeueSome(uint256 who, uint256 amount) external {
    address account = _actor(who);
    uint256 queued = vault.stakeOf(account).queued;
    if (queued == 0) return;
    vm.prank(vault.ownerOf(account));
    vault.requeue(account, bound(amount, 1, queued));
  }

  function withdraw(uint256 who) external {
    address account = _actor(who);
    IStakeVault.Stake memory s = vault.stakeOf(account);
    bool spare = uint256(s.bonded) + s.queued > s.pledged;
    // forge-lint: disable-next-line(block-timestamp)
    if (s.queued == 0 || block.timestamp < s.withdrawableAt || !spare) return;
    address owner = vault.ownerOf(account);
    vm.prank(owner);
    _paid(account, owner, vault.withdraw(account));
  }

  function claim(uint256 who) external {
    address account = _actor(who);
    if (vault.creditOf(account) == 0) return;
    address owner = vault.ownerOf(account);
    vm.prank(owner);
    _paid(account, owner, vault.claim(account));
  }

  // ---- owners

  /// @dev Who owns an account consents to another owner, or gives the account back to itself.
  function adopt(uint256 who, uint256 chance) external {
    address account = _actor(who);
    uint256 next = chance % (OWNERS + 1);
    address owner = next < OWNERS ? owners[next] : account;
    bytes memory consent =
      sign(_keys[vault.ownerOf(account)], vault.consentDigest(account, owner, block.timestamp));
    vm.prank(owner);
    vault.adopt(account, block.timestamp, consent);
    // Once, and for nobody else.
    vm.prank(owner);
    vm.expectPartialRevert(IStakeVault.SignatureInvalid.selector);
    vault.adopt(account, block.timestamp, consent);
    assertEq(vault.ownerOf(account), owner);
  }

  /// @dev Who has the key of an account that another owns, and wants its money.
  function steal(uint256 who, uint256 way, uint256 amount) external {
    address account = _actor(who);
    if (vault.ownerOf(account) == account) return;
    address thief = way % 2 == 0 ? account : stranger;
    amount = bound(amount, 1, 1000 ether);
    ++thefts;
    bytes memory consent = sign(_keys[account], vault.consentDigest(account, thief, block.timestamp));
    bytes4 refusal = IStakeVault.NotOwner.selector;
    bytes memory call_;
    way = way / 2 % 6;
    if (way == 0) {
      call_ = abi.encodeCall(vault.claim, (account));
    } else if (way == 1) {
      call_ = abi.encodeCall(vault.withdraw, (account));
    } else if (way == 2) {
      call_ = abi.encodeCall(vault.queue, (account, amount));
    } else if (way == 3) {
      call_ = abi.encodeCall(vault.requeue, (account, amount));
    } else if (way == 4) {
      call_ = abi.encodeCall(vault.mandate, (1 + amount % 3, account, amount));
    } else {
      (call_, refusal) =
      (
        abi.encodeCall(vault.adopt, (account, block.timestamp, consent)),
        IStakeVault.SignatureInvalid.selector
      );
    }
    bytes[] memory calls = new bytes[](1);
    calls[0] = call_;
    vm.startPrank(thief);
    vm.expectPartialRevert(refusal);
    (bool done,) = address(vault).call(call_);
    assertTrue(done); // what an expected revert makes of a call
    vm.expectPartialRevert(refusal);
    vault.multicall(calls);
    vm.stopPrank();
  }

  function _bond(address account, uint256 amount) private {
    address owner = vault.ownerOf(account);
    token.mint(owner, amount);
    given[account] += amount;
    moneyIn += amount;
    vm.prank(owner);
    vault.bond(account, amount);
  }

  function _paid(address account, address owner, uint256 amount) private {
    moneyOut += amount;
    paidOut[account] += amount;
    paidTo[owner] += amount;
  }

  // ---- tasks before the start

  function postTask(uint256 seed) external {
    if (tasks.length > 1 && !_over(tasks[tasks.length - 1]) && !_over(tasks[tasks.length - 2])) return;
    ++_posted[0];
    uint256 before = token.balanceOf(address(vault));
    tasks.push(post());
    moneyIn += token.balanceOf(address(vault)) - before;
    // Most of the time members come at once; else one by one, through `joinOne`.
    if (seed % 4 > 0) {
      for (uint256 i; i < TRAINERS + VALIDATORS; ++i) {
        if ((seed >> (8 + i)) % 4 > 0) _join(i);
      }
    }
  }

  function joinOne(uint256 which, uint256 who) external {
    if (_select(which)) _join(who % (TRAINERS + VALIDATORS));
  }

  function withdrawApplication(uint256 which, uint256 who) external {
    address account = _actor(who);
    if (!_select(which) || _status() != TaskStatus.Open) return;
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp + marketplace.deadlinesOf(task).join / 4 > marketplace.stateOf(task).deadline) {
      return;
    }
    if (marketplace.applicantOf(task, account).role == Role.None) return;
    vm.prank(account);
    marketplace.withdrawApplication(task);
  }

  function cancel(uint256 which, uint256 chance) external {
    if (!_select(which) || _status() != TaskStatus.Open || chance % 8 > 0) return;
    vm.prank(planner);
    marketplace.cancel(task);
    _note();
  }

  /// @dev One stage: the honest and some of the others do what it asks for, then it is closed.
  function stepStage(uint256 which, uint256 seed) external {
    if (_select(which)) _stepStage(seed);
  }

  function _stepStage(uint256 seed) private {
    TaskStatus status = _status();
    if (status == TaskStatus.Open || status == TaskStatus.Drawing || status == TaskStatus.Keying) {
      _stage(seed);
      _warp(marketplace.stateOf(task).deadline + 1);
      vm.prevrandao(bytes32(seed));
      vm.prank(keeper);
      marketplace.advance(task);
      _note();
    }
  }

  function release(uint256 which, uint256 who) external {
    address account = _actor(who);
    if (!_select(which)) return;
    IMarketplace.Applicant memory a = marketplace.applicantOf(task, account);
    if (a.role == Role.None) return;
    try marketplace.release(task, account) { } catch { }
  }

  // ---- rounds

  /// @dev One phase: all the honest and some of the others, then it is closed, early if it is complete.
  function stepPhase(uint256 which, uint256 seed) external {
    if (!_select(which) || _status() != TaskStatus.Running) return;
    _act(seed);
    _push();
  }

  /// @dev Several stages or phases in a row: what single steps would seldom reach.
  function stepRound(uint256 which, uint256 seed) external {
    if (!_select(which)) return;
    for (uint256 i; i < 8; ++i) {
      uint256 part = uint256(keccak256(abi.encode(seed, i)));
      if (_status() == TaskStatus.Running) {
        _act(part);
        _push();
      } else {
        _stepStage(part);
        _select(which);
      }
    }
  }

  function submitOne(uint256 which, uint256 who, bool good) external {
    if (!_select(which) || !_open(Phase.Submit)) return;
    address account = _member(who);
    // Who cannot read the support has nothing to submit; if one could, the others' absence would cost them, as where a
    // proposal is shown to some only (an open limit of SECURITY.md).
    if (canRead(account, Phase.Submit)) _submit(account, good);
  }

  function aggregateOne(uint256 which, bool ofProbes, bool good) external {
    if (!_select(which) || !_open(Phase.Aggregate)) return;
    _aggregate(ofProbes ? PROBES : UPDATES, good);
  }

  function alignOne(uint256 which, uint256 who, int256 score, bool good) external {
    if (!_select(which) || !_open(Phase.Settle)) return;
    _align(_member(who), bound(score, -127, 127), good);
  }

  function pass(uint256 time) external {
    _warp(block.timestamp + bound(time, 1, 10 minutes));
  }

  // ---- exclusions

  /// @dev The honest validators find content missing, or false, of an account that is not honest.
  function excludeOne(uint256 which, uint256 who) external {
    if (!_select(which) || !_open(Phase.Inspect)) return;
    address account = _member(who);
    if (isHonest[account]) return;
    for (uint256 i; i < HONEST_VALIDATORS; ++i) {
      IRounds.Seat memory voter = rounds.seatOf(task, validatorAt(i));
      IRounds.Seat memory seat = rounds.seatOf(task, account);
      if (voter.role != Role.Validator || voter.standing != Standing.Good) continue;
      if (voter.inspectedIn == round() || !seat.accepted || seat.submittedIn != round()) continue;
      if ((exclusions.votesAgainst(task, round(), account) >> voter.index) & 1 == 1) continue;
      if (voteToExclude(validatorAt(i), account)) ++excluded;
    }
  }

  // ---- disputes

  function accuse(uint256 which, uint256 who, bool current) external {
    if (!_select(which)) return;
    address culprit = _members[who % 2 == 0 ? 3 + who % 4 / 2 : TRAINERS + 2];
    uint256 number = round();
    if (rounds.seatOf(task, culprit).role == Role.None) return;
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp >= marketplace.heldUntil(task, culprit)) return;
    if (!current && number > 1) --number;
    Accusation memory a = Accusation(task, number, culprit, 1, keccak256("evidence"), keeper);
    bytes32 id = keccak256(abi.encode(task, number, culprit));
    if (disputes.disputeOf(id).status != IDisputes.DisputeStatus.None) return;
    (address[] memory signers, bytes[] memory signatures) = _quorum(disputes.accusationDigest(a));
    if (signers.length < HONEST_VALIDATORS) return;
    disputes.file(a, signers, signatures);
    _filed.push(id);
    _note();
  }

  function closeDispute(uint256 which, bool overturn) external {
    if (_filed.length == 0) return;
    bytes32 id = _filed[which % _filed.length];
    IDisputes.Dispute memory d = disputes.disputeOf(id);
    if (d.status != IDisputes.DisputeStatus.Pending) return;
    task = d.accusation.task;
    // forge-lint: disable-next-line(block-timestamp)
    if (overturn && block.timestamp <= d.appealEnds) {
      (address[] memory signers, bytes[] memory signatures) = _quorum(disputes.appealDigest(id));
      if (signers.length == HONEST_VALIDATORS && validators.length <= 3) {
        try disputes.overturn(id, signers, signatures) { } catch { }
      }
      // forge-lint: disable-next-line(block-timestamp)
    } else if (block.timestamp > d.appealEnds) {
      disputes.execute(id);
    } else if (_over(task)) {
      _warp(d.appealEnds + 1);
      disputes.execute(id);
    }
  }

  // ---- inside: members

  function _welcome(address account) private {
    actors.push(account);
    bond(account, 3 * STAKE);
    given[account] = 3 * STAKE;
    moneyIn += 3 * STAKE;
  }

  function _actor(uint256 who) private view returns (address) {
    return actors[who % actors.length];
  }

  function _select(uint256 which) internal returns (bool) {
    if (tasks.length == 0) return false;
    task = tasks[tasks.length - 1 - which % (tasks.length < 3 ? tasks.length : 3)];
    (trainers, validators) =
      _status() >= TaskStatus.Running ? rounds.committeeOf(task) : marketplace.membersOf(task);
    return true;
  }

  function _status() private view returns (TaskStatus) {
    return marketplace.stateOf(task).status;
  }

  function _over(uint256 number) private view returns (bool) {
    return marketplace.stateOf(number).status >= TaskStatus.Ended;
  }

  function _open(Phase wanted) private view returns (bool) {
    IRounds.Stage memory s = rounds.stageOf(task);
    // forge-lint: disable-next-line(block-timestamp)
    return s.phase == wanted && block.timestamp <= s.deadline;
  }

  function _member(uint256 who) private view returns (address) {
    uint256 n = trainers.length + validators.length;
    who %= n;
    return who < trainers.length ? trainers[who] : validators[who - trainers.length];
  }

  function _join(uint256 i) private {
    address account = _members[i];
    // forge-lint: disable-next-line(block-timestamp)
    if (_status() != TaskStatus.Open || block.timestamp > marketplace.stateOf(task).deadline) return;
    if (marketplace.applicantOf(task, account).role != Role.None) return;
    if (vault.freeOf(account) < STAKE) return;
    if (vault.ownerOf(account) != account) _allow(account);
    bytes32 agreed = marketplace.stateOf(task).terms;
    vm.prank(account);
    marketplace.join(
      task,
      i < TRAINERS ? Role.Trainer : Role.Validator,
      1,
      STAKE,
      agreed,
      new bytes32[](0),
      // forge-lint: disable-next-line(unsafe-typecast)
      keccak256(abi.encode(bytes32("secret"), account))
    );
  }

  /// @dev Without a mandate the account cannot pledge.
  function _allow(address account) private {
    address owner = vault.ownerOf(account);
    bytes32 agreed = marketplace.stateOf(task).terms;
    Role role = _isTrainer(account) ? Role.Trainer : Role.Validator;
    vm.prank(owner);
    vault.mandate(task, account, STAKE - 1);
    vm.expectPartialRevert(IStakeVault.MandateTooSmall.selector);
    vm.prank(account);
    marketplace.join(task, role, 1, STAKE, agreed, new bytes32[](0), 0);
    vm.prank(owner);
    vault.mandate(task, account, STAKE);
  }

  function _isTrainer(address account) private pure returns (bool) {
    for (uint256 i; i < TRAINERS; ++i) {
      if (account == trainerAt(i)) return true;
    }
    return false;
  }

  function _stage(uint256 seed) private {
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp > marketplace.stateOf(task).deadline) return;
    TaskStatus status = _status();
    if (status == TaskStatus.Open) return;
    for (uint256 i; i < TRAINERS + VALIDATORS; ++i) {
      address account = _members[i];
      IMarketplace.Applicant memory a = marketplace.applicantOf(task, account);
      bool acts = isHonest[account] || (seed >> (3 * i)) % 8 > 0;
      if (a.role == Role.None || a.removed || !acts) continue;
      if (status == TaskStatus.Drawing) {
        if (a.revealed) continue;
        vm.prank(account);
        // forge-lint: disable-next-line(unsafe-typecast)
        marketplace.revealSecret(task, bytes32("secret"));
      } else {
        _key(i, account, seed);
      }
    }
  }

  function _key(uint256 i, address account, uint256 seed) private {
    uint32 epoch = marketplace.stateOf(task).epoch;
    if (keys.keysOf(task, account).epoch == epoch) return;
    register(i < TRAINERS ? TRAINER_KEY + i : VALIDATOR_KEY + i - TRAINERS, i < TRAINERS, epoch);
    bool other = !isHonest[account] && (seed >> (16 + i)) % 8 == 0;
    if (i >= TRAINERS) return;
    vm.prank(account);
    keys.confirmKey(task, epoch, keccak256(other ? bytes("another key") : bytes("collective key")));
  }

  // ---- inside: phases

  /// @dev Before time passes, the honest do their duties in every task.
  function _warp(uint256 to) private {
    uint256 current = task;
    for (uint256 i; i < 3; ++i) {
      if (!_select(i)) continue;
      if (_status() == TaskStatus.Running) _act(0);
      else _stage(0);
    }
    task = current;
    (trainers, validators) =
      _status() >= TaskStatus.Running ? rounds.committeeOf(task) : marketplace.membersOf(task);
    // forge-lint: disable-next-line(block-timestamp)
    if (to > block.timestamp) vm.warp(to);
  }

  function _act(uint256 seed) private {
    IRounds.Stage memory s = rounds.stageOf(task);
    // forge-lint: disable-next-line(block-timestamp)
    if (block.timestamp > s.deadline) return;
    if (s.phase == Phase.Aggregate) {
      if (seed % 8 == 1) _aggregate(UPDATES, false);
      if (seed % 8 > 0) _aggregate(UPDATES, true);
      if ((seed >> 8) % 8 > 0) _aggregate(PROBES, true);
      return;
    }
    uint256 n = trainers.length + validators.length;
    for (uint256 i; i < n; ++i) {
      address account = i < trainers.length ? trainers[i] : validators[i - trainers.length];
      uint256 chance = (seed >> (4 * i)) % 16;
      if (isHonest[account]) _duty(account, s.phase, true, 1);
      else if (chance > 3) _duty(account, s.phase, chance > 6, chance);
    }
  }

  /// @dev Whether an account has the content that its part of a phase rests on.
  function canRead(address, Phase) internal view virtual returns (bool) {
    return true;
  }

  function _duty(address account, Phase current, bool good, uint256 chance) private {
    if (!canRead(account, current)) return;
    IRounds.Seat memory seat = rounds.seatOf(task, account);
    if (current == Phase.Settle) {
      // forge-lint: disable-next-line(unsafe-typecast)
      int256 figure = int256(chance * 10) - 60;
      if (seat.role == Role.Trainer) _align(account, figure, good);
      return;
    }
    if (seat.standing != Standing.Good) return;
    if (current == Phase.Support) {
      bool leads =
        defaultSelector() == Selector.Leader ? rounds.leaderOf(task) == account : seat.role == Role.Validator;
      if (leads && seat.proposedIn != round()) propose(account);
    } else if (current == Phase.Submit) {
      _submit(account, good);
    } else if (current == Phase.Inspect) {
      if (seat.role == Role.Validator && seat.inspectedIn != round()) inspect(account);
    } else if (seat.role == Role.Validator) {
      IValidation.Vote memory v = validation.voteOf(task, account);
      bytes32 model = good ? nextModel() : keccak256("another model");
      // forge-lint: disable-next-line(unsafe-typecast)
      uint16 quality = good ? 8000 : uint16(chance * 500);
      if (current == Phase.Commit && v.committedIn != round()) {
        commitVote(account, model, quality, 7900);
      } else if (current == Phase.Reveal && v.committedIn == round() && v.revealedIn != round()) {
        Judgement memory judgement = judgementOf(model, quality, 7900);
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes32 salt = bytes32("salt");
        bytes32 c = validation.voteCommitment(task, round(), account, judgement, salt);
        if (c == v.commitment) revealVote(account, model, quality, 7900);
      }
    }
  }

  function defaultSelector() internal view returns (Selector) {
    return marketplace.parametersOf(task).selector;
  }

  function _submit(address account, bool good) private {
    IRounds.Seat memory seat = rounds.seatOf(task, account);
    if (seat.standing != Standing.Good || seat.submittedIn == round()) return;
    if (isHonest[account]) good = true;
    Chunk[] memory chunks = makeChunks(account, 1);
    if (!good) chunks[0].y ^= 1;
    assertEq(submit(account, chunks), good);
  }

  function _aggregate(uint256 which, bool good) private {
    if (!isDue(which) || (rounds.stageOf(task).sumsProven >> which) & 1 == 1) return;
    if (vault.freeOf(prover) < defaultEconomics().failedSum) {
      _bond(prover, 100 ether);
    }
    if (vault.freeOf(prover) < defaultEconomics().failedSum) return;
    SumChunk[] memory sum = makeSum(prover, which);
    if (!good) sum[0].y ^= 1;
    uint256 number = round();
    vm.prank(prover);
    assertEq(rounds.submitAggregate(task, number, which, basis, sum), good);
  }

  function _align(address trainer, int256 figure, bool good) private {
    IRounds.Seat memory seat = rounds.seatOf(task, trainer);
    if (seat.role != Role.Trainer || seat.submittedIn != round() || !seat.accepted) return;
    if (settlement.alignmentOf(task, trainer).round == round()) return;
    if (isHonest[trainer]) (figure, good) = (127, true);
    AlignmentChunk[] memory chunks = makeAlignment(trainer, wordOf(figure));
    if (!good) ++chunks[0].out;
    Bn254.G1[] memory named = references();
    uint256 number = round();
    vm.prank(trainer);
    assertEq(settlement.proveAlignment(task, number, trainer, basis, named, chunks), good);
  }

  /// @dev Pushes the phase on, and checks what it may have paid.
  function _push() private {
    IRounds.Stage memory s = rounds.stageOf(task);
    uint256 pot = vault.potOf(task);
    if (s.phase == Phase.Inspect) _sift(s.deadline);
    vm.prank(keeper);
    try rounds.advance(task) { }
    catch {
      _warp(s.deadline + 1);
      advance();
    }
    bool running = _status() == TaskStatus.Running;
    if (s.phase == Phase.Settle) {
      ++settled;
      // Never more than one round's part.
      if (running) assertLe(pot - vault.potOf(task), defaultEconomics().roundReward);
    }
    _note();
  }

  /// @dev In the phase's last second, if anything is to be left out: by then all that inspect have inspected. Afterwards
  /// nothing can be left out, and the round is void.
  function _sift(uint256 deadline) private {
    // forge-lint: disable-next-line(block-timestamp)
    if (exclusions.isSifted(task) || block.timestamp > deadline) return;
    _warp(deadline);
    exclusions.draw(task, round());
    address[] memory drawn = exclusions.surplus(task);
    for (uint256 i; i < drawn.length; ++i) {
      exclusions.leaveOut(task, round(), drawn[i], commitmentsOf(drawn[i]));
    }
  }

  /// @dev A task never goes back.
  function _note() private {
    IRounds.Stage memory s = rounds.stageOf(task);
    uint256 now_ =
      (uint256(marketplace.stateOf(task).status) << 64) | (uint256(s.number) << 8) | uint256(s.phase);
    assertGe(now_, progress[task]);
    progress[task] = now_;
  }

  function _quorum(bytes32 digest)
    private
    view
    returns (address[] memory signers, bytes[] memory signatures)
  {
    signers = new address[](HONEST_VALIDATORS);
    signatures = new bytes[](HONEST_VALIDATORS);
    (uint256 low, uint256 high) = validatorAt(0) < validatorAt(1)
      ? (VALIDATOR_KEY, VALIDATOR_KEY + 1)
      : (VALIDATOR_KEY + 1, VALIDATOR_KEY);
    (signers[0], signers[1]) = (vm.addr(low), vm.addr(high));
    (signatures[0], signatures[1]) = (sign(low, digest), sign(high, digest));
    for (uint256 i; i < HONEST_VALIDATORS; ++i) {
      IRounds.Seat memory seat = rounds.seatOf(task, signers[i]);
      if (seat.role != Role.Validator || seat.standing != Standing.Good) {
        return (new address[](0), new bytes[](0));
      }
    }
  }
}

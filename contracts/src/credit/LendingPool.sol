// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.28;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ERC4626 } from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import { IERC20Metadata } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ReentrancyGuardTransient } from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { ICredentials } from "./interfaces/ICredentials.sol";
import { ILendingPool } from "./interfaces/ILendingPool.sol";
import { IPriceFeed } from "./interfaces/IPriceFeed.sol";
import { Interest } from "./libraries/Interest.sol";
import { Prices } from "./libraries/Prices.sol";

/// @title LendingPool: lends one ERC-20 against another, for less collateral to who proves a better bracket
/// @notice Its books are its own: tokens sent here without a call belong to nobody, and move no share's price.
/// @dev All rounding is in the pool's favour: debts and the index up, shares, what repayments take off and what is seized
/// down. Books change before tokens move, so a token that calls back finds the guard and settled books.
contract LendingPool is ILendingPool, ERC4626, ReentrancyGuardTransient {
  using SafeERC20 for IERC20;

  uint256 private constant BASIS_POINTS = 10_000;
  uint256 private constant MAX_DECIMALS = 18;
  uint256 private constant CLOSE_FACTOR = 5000;

  IERC20 private immutable COLLATERAL;
  IPriceFeed private immutable FEED;
  IPriceFeed private immutable SEQUENCER;
  uint32 private immutable MAX_AGE;
  uint256 private immutable MIN_PRICE;
  uint256 private immutable MAX_PRICE;
  ICredentials private immutable CREDENTIALS;
  uint256 private immutable MODEL;
  uint256 private immutable SET;
  uint32 private immutable GRACE;
  uint256 private immutable BASE;
  uint256 private immutable SLOPE;
  uint256 private immutable STEEP;
  uint256 private immutable KINK;
  uint256 private immutable MIN_DEBT;
  /// @dev A collateral's worth is `collateral price UP / DOWN`.
  uint256 private immutable UP;
  uint256 private immutable DOWN;

  /// @inheritdoc ILendingPool
  uint256 public cash;
  /// @inheritdoc ILendingPool
  uint256 public totalCollateral;
  /// @inheritdoc ILendingPool
  mapping(address account => uint256) public collateralOf;
  /// @dev Debts divided by the index: they do not change as interest grows.
  mapping(address account => uint256) private _scaled;
  uint256 private _totalScaled;
  uint256 private _index = Interest.RAY;
  uint256 private _accruedAt;

  constructor(string memory name_, string memory symbol_, Policy memory p)
    ERC20(name_, symbol_)
    ERC4626(p.asset)
  {
    (uint256 assetDecimals, uint256 collateralDecimals) = (_decimalsOf(p.asset), _decimalsOf(p.collateral));
    uint256 feedDecimals = p.feed.decimals();
    require(address(p.asset) != address(p.collateral), SameToken());
    _within("asset decimals", assetDecimals, 0, MAX_DECIMALS);
    _within("collateral decimals", collateralDecimals, 0, MAX_DECIMALS);
    _within("feed decimals", feedDecimals, 0, MAX_DECIMALS);
    _within("minPrice", p.minPrice, 1, p.maxPrice);
    _within("maxPrice", p.maxPrice, p.minPrice, type(uint128).max);
    _within("maxAge", p.maxAge, 1, 7 days);
    _within("grace", p.grace, 0, 30 days);
    _within("kink", p.kink, 1, Interest.WAD - 1);
    _within("base", p.base, 0, 10 * Interest.WAD);
    _within("slope", p.slope, 0, 10 * Interest.WAD - p.base);
    _within("steep", p.steep, 0, 10 * Interest.WAD - p.base - p.slope);
    _within("minDebt", p.minDebt, 1, type(uint128).max);
    (COLLATERAL, FEED, SEQUENCER, MAX_AGE) = (p.collateral, p.feed, p.sequencer, p.maxAge);
    (MIN_PRICE, MAX_PRICE) = (p.minPrice, p.maxPrice);
    (CREDENTIALS, MODEL, SET, GRACE) = (p.credentials, p.model, p.set, p.grace);
    (BASE, SLOPE, STEEP, KINK, MIN_DEBT) = (p.base, p.slope, p.steep, p.kink, p.minDebt);
    (UP, DOWN) = (10 ** assetDecimals, 10 ** (collateralDecimals + feedDecimals));
    _accruedAt = block.timestamp;
  }

  // ---- borrowers

  /// @inheritdoc ILendingPool
  function addCollateral(address account, uint256 amount) external nonReentrant {
    require(amount > 0, ZeroAmount());
    collateralOf[account] += amount;
    totalCollateral += amount;
    emit CollateralAdded(account, msg.sender, amount);
    _pull(COLLATERAL, msg.sender, amount);
  }

  /// @inheritdoc ILendingPool
  function withdrawCollateral(uint256 amount) external nonReentrant {
    require(amount > 0, ZeroAmount());
    accrue();
    uint256 held = collateralOf[msg.sender];
    require(amount <= held, CollateralTooSmall(msg.sender, held, amount));
    _takeCollateral(msg.sender, amount);
    if (_scaled[msg.sender] > 0) _checkOpen(msg.sender);
    emit CollateralWithdrawn(msg.sender, amount);
    COLLATERAL.safeTransfer(msg.sender, amount);
  }

  /// @inheritdoc ILendingPool
  function borrow(uint256 amount) external nonReentrant {
    require(amount > 0, ZeroAmount());
    accrue();
    require(amount <= cash, CashTooSmall(cash, amount));
    cash -= amount;
    uint256 scaled = Math.mulDiv(amount, Interest.RAY, _index, Math.Rounding.Ceil);
    _scaled[msg.sender] += scaled;
    _totalScaled += scaled;
    _checkDebt(msg.sender);
    uint256 open = _checkOpen(msg.sender);
    emit Borrowed(msg.sender, amount, debtOf(msg.sender), open);
    IERC20(asset()).safeTransfer(msg.sender, amount);
  }

  /// @inheritdoc ILendingPool
  function repay(address account, uint256 amount) external nonReentrant returns (uint256 paid) {
    require(amount > 0, ZeroAmount());
    accrue();
    paid = Math.min(amount, _owed(account));
    _settle(account, paid);
    _checkDebt(account);
    emit Repaid(account, msg.sender, paid, debtOf(account));
    _pull(IERC20(asset()), msg.sender, paid);
  }

  // ---- anyone

  /// @inheritdoc ILendingPool
  function liquidate(address account, uint256 amount, uint256 minSeized)
    external
    nonReentrant
    returns (uint256 paid, uint256 seized)
  {
    accrue();
    uint256 debt = _owed(account);
    uint256 price_ = price();
    uint256 value = _worth(collateralOf[account], price_);
    Terms memory terms = termsOf(account);
    uint256 kept = Math.mulDiv(debt, terms.kept, BASIS_POINTS, Math.Rounding.Ceil);
    require(value < kept, LoanSound(account, value, kept));
    if (value < debt) (paid, seized) = _end(account, amount, Loan(debt, value, price_, terms.bonus));
    else (paid, seized) = _reduce(account, amount, Loan(debt, value, price_, terms.bonus));
    require(seized >= minSeized, SeizedTooLittle(seized, minSeized));
    emit Liquidated(account, msg.sender, paid, seized, debtOf(account));
    if (paid > 0) _pull(IERC20(asset()), msg.sender, paid);
    if (seized > 0) COLLATERAL.safeTransfer(msg.sender, seized);
  }

  /// @inheritdoc ILendingPool
  function accrue() public {
    uint256 index = _indexNow();
    if (index != _index) {
      uint256 before = _debt(_totalScaled, _index, Math.Rounding.Floor);
      _index = index;
      emit Accrued(_debt(_totalScaled, index, Math.Rounding.Floor) - before, index);
    }
    _accruedAt = block.timestamp;
  }

  // ---- views

  /// @inheritdoc ILendingPool
  function policy() external view returns (Policy memory p) {
    (p.asset, p.collateral, p.feed, p.sequencer) = (IERC20(asset()), COLLATERAL, FEED, SEQUENCER);
    (p.maxAge, p.minPrice, p.maxPrice, p.grace) = (MAX_AGE, MIN_PRICE, MAX_PRICE, GRACE);
    (p.credentials, p.model, p.set) = (CREDENTIALS, MODEL, SET);
    (p.base, p.slope, p.steep, p.kink, p.minDebt) = (BASE, SLOPE, STEEP, KINK, MIN_DEBT);
  }

  /// @inheritdoc ILendingPool
  function price() public view returns (uint256) {
    return Prices.read(FEED, SEQUENCER, MAX_AGE, MIN_PRICE, MAX_PRICE);
  }

  /// @inheritdoc ILendingPool
  function termsOf(address account) public view returns (Terms memory terms) {
    (uint256 bracket, uint256 end) = CREDENTIALS.standingOf(account, MODEL, SET);
    // forge-lint: disable-next-line(block-timestamp)
    terms.open = _open(block.timestamp < end ? bracket : 9);
    // forge-lint: disable-next-line(block-timestamp)
    uint256 excess = _open(end != 0 && block.timestamp < end + GRACE ? bracket : 9) - BASIS_POINTS;
    terms.kept = BASIS_POINTS + excess * 4 / 5;
    terms.bonus = Math.min(excess / 5, 500);
  }

  /// @inheritdoc ILendingPool
  function debtOf(address account) public view returns (uint256) {
    return _debt(_scaled[account], _indexNow(), Math.Rounding.Ceil);
  }

  /// @inheritdoc ILendingPool
  function totalDebt() public view returns (uint256) {
    return _debt(_totalScaled, _indexNow(), Math.Rounding.Floor);
  }

  /// @inheritdoc ILendingPool
  function rate() public view returns (uint256) {
    uint256 debt = _debt(_totalScaled, _index, Math.Rounding.Floor);
    return Interest.rate(debt, cash, BASE, SLOPE, STEEP, KINK);
  }

  /// @notice Cash and debts. A debt that its collateral does not cover counts in full until somebody liquidates it.
  function totalAssets() public view override returns (uint256) {
    return cash + totalDebt();
  }

  /// @notice What is lent cannot be withdrawn.
  function maxWithdraw(address owner) public view override returns (uint256) {
    return Math.min(super.maxWithdraw(owner), cash);
  }

  /// @notice Likewise, in shares.
  function maxRedeem(address owner) public view override returns (uint256) {
    return Math.min(super.maxRedeem(owner), _convertToShares(cash, Math.Rounding.Floor));
  }

  // ---- inside: lenders

  /// @dev A share is 10^-6 of a unit to begin with: to move the first shares' price so far that a lender's deposit rounds
  /// to less takes a million times the deposit.
  function _decimalsOffset() internal pure override returns (uint8) {
    return 6;
  }

  function _deposit(address caller, address receiver, uint256 assets, uint256 shares)
    internal
    override
    nonReentrant
  {
    require(assets > 0 && shares > 0, ZeroAmount());
    accrue();
    cash += assets;
    _mint(receiver, shares);
    emit Deposit(caller, receiver, assets, shares);
    _pull(IERC20(asset()), caller, assets);
  }

  function _withdraw(address caller, address receiver, address owner, uint256 assets, uint256 shares)
    internal
    override
    nonReentrant
  {
    require(assets > 0 && shares > 0, ZeroAmount());
    accrue();
    if (caller != owner) _spendAllowance(owner, caller, shares);
    cash -= assets;
    _burn(owner, shares);
    emit Withdraw(caller, receiver, owner, assets, shares);
    IERC20(asset()).safeTransfer(receiver, assets);
  }

  // ---- inside: loans

  /// @dev A loan that is liquidated: `value` of its collateral, at `price`.
  struct Loan {
    uint256 debt;
    uint256 value;
    uint256 price;
    uint256 bonus;
  }

  /// @dev Pays a part of the debt, and seizes as much with the bonus; where the collateral does not cover debt and bonus,
  /// the same part of the collateral.
  function _reduce(address account, uint256 amount, Loan memory loan)
    private
    returns (uint256 paid, uint256 seized)
  {
    uint256 withBonus = Math.mulDiv(loan.debt, BASIS_POINTS + loan.bonus, BASIS_POINTS);
    bool covered = loan.value >= withBonus;
    uint256 most = covered && loan.debt > 2 * MIN_DEBT ? loan.debt * CLOSE_FACTOR / BASIS_POINTS : loan.debt;
    paid = Math.min(amount, most);
    require(paid > 0, ZeroAmount());
    uint256 worth = Math.mulDiv(paid, Math.min(withBonus, loan.value), loan.debt);
    seized = Math.min(Math.mulDiv(worth, DOWN, loan.price * UP), collateralOf[account]);
    _takeCollateral(account, seized);
    _settle(account, paid);
    _checkDebt(account);
  }

  /// @dev Ends a loan that is worth less than its debt.
  function _end(address account, uint256 amount, Loan memory loan)
    private
    returns (uint256 paid, uint256 seized)
  {
    paid = Math.mulDiv(loan.value, BASIS_POINTS, BASIS_POINTS + loan.bonus, Math.Rounding.Ceil);
    require(amount >= paid, PaymentTooSmall(amount, paid));
    seized = collateralOf[account];
    _takeCollateral(account, seized);
    cash += paid;
    _totalScaled -= _scaled[account];
    _scaled[account] = 0;
    emit WrittenOff(account, loan.debt - paid);
  }

  function _takeCollateral(address account, uint256 amount) private {
    collateralOf[account] -= amount;
    totalCollateral -= amount;
  }

  /// @dev Books a payment. What is paid last takes all that is left; else it takes off no more than it is worth.
  function _settle(address account, uint256 paid) private {
    uint256 scaled = _scaled[account];
    uint256 off =
      paid == _debt(scaled, _index, Math.Rounding.Ceil) ? scaled : Math.mulDiv(paid, Interest.RAY, _index);
    _scaled[account] = scaled - off;
    _totalScaled -= off;
    cash += paid;
  }

  /// @dev The debt, which must be one.
  function _owed(address account) private view returns (uint256 debt) {
    debt = _debt(_scaled[account], _index, Math.Rounding.Ceil);
    require(debt > 0, NoDebt(account));
  }

  function _checkDebt(address account) private view {
    uint256 debt = debtOf(account);
    require(debt == 0 || debt >= MIN_DEBT, DebtTooSmall(debt, MIN_DEBT));
  }

  function _checkOpen(address account) private view returns (uint256 open) {
    open = termsOf(account).open;
    uint256 value = _worth(collateralOf[account], price());
    uint256 needed = Math.mulDiv(debtOf(account), open, BASIS_POINTS, Math.Rounding.Ceil);
    require(value >= needed, CollateralTooSmall(account, value, needed));
  }

  /// @dev 105 % of the debt for bracket 0, 5 more for each further one.
  function _open(uint256 bracket) private pure returns (uint256) {
    return 10_500 + 500 * bracket;
  }

  /// @dev In units of the asset, rounded down.
  function _worth(uint256 amount, uint256 price_) private view returns (uint256) {
    return Math.mulDiv(amount, price_ * UP, DOWN);
  }

  function _indexNow() private view returns (uint256) {
    uint256 elapsed = block.timestamp - _accruedAt;
    if (elapsed == 0 || _totalScaled == 0) return _index;
    return Interest.grow(_index, rate(), elapsed);
  }

  function _debt(uint256 scaled, uint256 index, Math.Rounding rounding) private pure returns (uint256) {
    return Math.mulDiv(scaled, index, Interest.RAY, rounding);
  }

  /// @dev Last effect of a call, but for what it pays out.
  function _pull(IERC20 token, address from, uint256 amount) private {
    uint256 before = token.balanceOf(address(this));
    token.safeTransferFrom(from, address(this), amount);
    uint256 received = token.balanceOf(address(this)) - before;
    require(received == amount, TransferInexact(amount, received));
  }

  function _decimalsOf(IERC20 token) private view returns (uint256) {
    return IERC20Metadata(address(token)).decimals();
  }

  function _within(bytes32 name_, uint256 value, uint256 min, uint256 max) private pure {
    require(value >= min && value <= max, ParameterOutOfRange(name_, value, min, max));
  }
}

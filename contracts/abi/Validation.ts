// biome-ignore-all format: written by contracts/abi.ts, one entry a line
/** ABI of Validation.sol. */
export const validationAbi = [
  {"type":"constructor","inputs":[{"name":"system_","type":"tuple","components":[{"name":"vault","type":"address"},{"name":"marketplace","type":"address"},{"name":"keys","type":"address"},{"name":"rounds","type":"address"},{"name":"validation","type":"address"},{"name":"settlement","type":"address"},{"name":"disputes","type":"address"},{"name":"registry","type":"address"}]}],"stateMutability":"nonpayable"},
  {"type":"function","name":"commitVote","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"commitment","type":"bytes32"}],"outputs":[],"stateMutability":"nonpayable"},
  {"type":"function","name":"isComplete","inputs":[{"name":"task","type":"uint256"},{"name":"revealing","type":"bool"}],"outputs":[{"name":"","type":"bool"}],"stateMutability":"view"},
  {"type":"function","name":"revealVote","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"model","type":"bytes32"},{"name":"quality","type":"uint16"},{"name":"qualityBefore","type":"uint16"},{"name":"salt","type":"bytes32"}],"outputs":[],"stateMutability":"nonpayable"},
  {"type":"function","name":"system","inputs":[],"outputs":[{"name":"","type":"tuple","components":[{"name":"vault","type":"address"},{"name":"marketplace","type":"address"},{"name":"keys","type":"address"},{"name":"rounds","type":"address"},{"name":"validation","type":"address"},{"name":"settlement","type":"address"},{"name":"disputes","type":"address"},{"name":"registry","type":"address"}]}],"stateMutability":"view"},
  {"type":"function","name":"tally","inputs":[{"name":"task","type":"uint256"},{"name":"reporter","type":"address"}],"outputs":[{"name":"verdict","type":"uint8"},{"name":"model","type":"bytes32"}],"stateMutability":"nonpayable"},
  {"type":"function","name":"voteCommitment","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"validator","type":"address"},{"name":"model","type":"bytes32"},{"name":"quality","type":"uint16"},{"name":"qualityBefore","type":"uint16"},{"name":"salt","type":"bytes32"}],"outputs":[{"name":"","type":"bytes32"}],"stateMutability":"pure"},
  {"type":"function","name":"voteOf","inputs":[{"name":"task","type":"uint256"},{"name":"validator","type":"address"}],"outputs":[{"name":"","type":"tuple","components":[{"name":"committedIn","type":"uint32"},{"name":"revealedIn","type":"uint32"},{"name":"quality","type":"uint16"},{"name":"qualityBefore","type":"uint16"},{"name":"commitment","type":"bytes32"},{"name":"model","type":"bytes32"}]}],"stateMutability":"view"},
  {"type":"event","name":"Tallied","inputs":[{"name":"task","type":"uint256","indexed":true},{"name":"round","type":"uint256","indexed":true},{"name":"verdict","type":"uint8","indexed":false},{"name":"model","type":"bytes32","indexed":false},{"name":"quality","type":"uint256","indexed":false},{"name":"gain","type":"int256","indexed":false}],"anonymous":false},
  {"type":"event","name":"VoteCommitted","inputs":[{"name":"task","type":"uint256","indexed":true},{"name":"round","type":"uint256","indexed":true},{"name":"validator","type":"address","indexed":true},{"name":"commitment","type":"bytes32","indexed":false}],"anonymous":false},
  {"type":"event","name":"VoteRevealed","inputs":[{"name":"task","type":"uint256","indexed":true},{"name":"round","type":"uint256","indexed":true},{"name":"validator","type":"address","indexed":true},{"name":"model","type":"bytes32","indexed":false},{"name":"quality","type":"uint256","indexed":false},{"name":"qualityBefore","type":"uint256","indexed":false}],"anonymous":false},
  {"type":"error","name":"AlreadyDone","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"account","type":"address"}]},
  {"type":"error","name":"ModelMissing","inputs":[]},
  {"type":"error","name":"NotAllowed","inputs":[{"name":"caller","type":"address"}]},
  {"type":"error","name":"NotValidator","inputs":[{"name":"task","type":"uint256"},{"name":"account","type":"address"}]},
  {"type":"error","name":"NotVoting","inputs":[{"name":"task","type":"uint256"}]},
  {"type":"error","name":"PhaseOver","inputs":[{"name":"task","type":"uint256"},{"name":"deadline","type":"uint256"}]},
  {"type":"error","name":"QualityOutOfRange","inputs":[{"name":"quality","type":"uint256"}]},
  {"type":"error","name":"VoteMismatch","inputs":[{"name":"validator","type":"address"}]},
  {"type":"error","name":"WrongRound","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"current","type":"uint256"}]},
] as const;

// biome-ignore-all format: written by contracts/tools/render_abi.ts, one entry a line
/** ABI of Exclusions.sol. */
export const exclusionsAbi = [
  {"type":"constructor","inputs":[{"name":"system_","type":"tuple","components":[{"name":"vault","type":"address"},{"name":"marketplace","type":"address"},{"name":"keys","type":"address"},{"name":"rounds","type":"address"},{"name":"validation","type":"address"},{"name":"settlement","type":"address"},{"name":"disputes","type":"address"},{"name":"exclusions","type":"address"},{"name":"registry","type":"address"}]}],"stateMutability":"nonpayable"},
  {"type":"function","name":"system","inputs":[],"outputs":[{"name":"","type":"tuple","components":[{"name":"vault","type":"address"},{"name":"marketplace","type":"address"},{"name":"keys","type":"address"},{"name":"rounds","type":"address"},{"name":"validation","type":"address"},{"name":"settlement","type":"address"},{"name":"disputes","type":"address"},{"name":"exclusions","type":"address"},{"name":"registry","type":"address"}]}],"stateMutability":"view"},
  {"type":"function","name":"voteToExclude","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"account","type":"address"},{"name":"commitments","type":"tuple[]","components":[{"name":"x","type":"uint256"},{"name":"y","type":"uint256"}]}],"outputs":[],"stateMutability":"nonpayable"},
  {"type":"function","name":"votesAgainst","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"account","type":"address"}],"outputs":[{"name":"","type":"uint256"}],"stateMutability":"view"},
  {"type":"event","name":"ExclusionVoted","inputs":[{"name":"task","type":"uint256","indexed":true},{"name":"round","type":"uint256","indexed":true},{"name":"account","type":"address","indexed":true},{"name":"validator","type":"address","indexed":false}],"anonymous":false},
  {"type":"error","name":"AlreadyVoted","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"validator","type":"address"},{"name":"account","type":"address"}]},
  {"type":"error","name":"CommitmentsDiffer","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"account","type":"address"}]},
  {"type":"error","name":"NotAccepted","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"account","type":"address"}]},
  {"type":"error","name":"NotInspecting","inputs":[{"name":"task","type":"uint256"},{"name":"round","type":"uint256"},{"name":"validator","type":"address"}]},
  {"type":"error","name":"PrecompileFailed","inputs":[{"name":"precompile","type":"uint256"}]},
] as const;

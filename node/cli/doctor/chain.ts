// The chain: the node answers, is the deployment's, keeps its logs, and its head moves.
import { readStake, shownRpc } from '../../chain/index.ts';
import { chooseAccount } from '../open/account.ts';
import { tokens } from '../output/format.ts';
import { bad, type Check, note, ok } from './check.ts';

/** Seconds after which a head is old where blocks come by the clock. */
const oldHead = 120;

export const chain: Check = {
  name: 'chain',
  of: ['member'],
  async look(practice) {
    const { rpc } = practice.settings;
    const [client, { chainId, fromBlock, vault }] = [await practice.client(), await practice.deployment()];
    const [head, first, gasPrice] = await Promise.all([
      client.getBlock(),
      client.getBlock({ blockNumber: BigInt(fromBlock) }).catch(() => undefined),
      client.getGasPrice(),
    ]);
    const age = Math.round(Date.now() / 1000 - Number(head.timestamp));
    const gwei = Number(gasPrice) / 1e9;
    const found = [
      ok(`${shownRpc(rpc)} serves chain ${chainId} and has the contracts; gas costs ${gwei.toFixed(3)} gwei`),
    ];
    found.push(
      first
        ? ok(`it has the blocks from the deployment's, ${fromBlock}`)
        : bad(`it lacks block ${fromBlock}, the deployment's`, 'Use a node that keeps all blocks and logs.'),
    );
    found.push(
      age <= oldHead
        ? ok(`its head is ${head.number}, ${Math.max(age, 0)} s old`)
        : note(`its head is ${head.number}, ${age} s old: it is not in step, or makes blocks on demand`),
    );
    const account = await chooseAccount(practice.settings).catch(() => undefined);
    if (account) {
      const { bonded, free, queued, credit } = await readStake(client, { vault }, account);
      const stake = `${tokens(bonded)} bonded, ${tokens(free)} of it free, ${tokens(queued)} on its way out`;
      found.push(ok(`the vault has of ${account} ${stake}, ${tokens(credit)} to claim`));
    }
    return found;
  },
};

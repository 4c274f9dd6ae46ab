// The vault's books, read from its storage and, a second time, added up from its events: money in is money out and
// money held, to the last unit, for each account, each task, and all of them.
import { type Deployment, stakeVaultAbi } from '@murmuration/contracts';
import { type Address, erc20Abi, type PublicClient, parseEventLogs } from 'viem';
import { z } from 'zod';

/** Amounts are in the token's smallest unit, as decimal digits. */
const amount = z.string().regex(/^\d+$/);

/** What the vault holds, and what its events say of how it came there. */
export const booksSchema = z.strictObject({
  /** Tokens of the vault, by the token's contract. */
  balance: amount,
  /** Of all accounts and tasks together, by the vault's storage. */
  held: z.strictObject({ burnt: amount }),
  accounts: z.array(
    z.strictObject({
      account: z.string(),
      /** By the storage. */
      staked: amount,
      credit: amount,
      pledged: amount,
      /** By the events. */
      bonded: amount,
      slashed: amount,
      withdrawn: amount,
      credited: amount,
      claimed: amount,
    }),
  ),
  tasks: z.array(
    z.strictObject({
      task: amount,
      /** By the storage. */
      pot: amount,
      pledged: amount,
      /** By the events. */
      funded: amount,
      credited: amount,
      slashed: amount,
      toReporters: amount,
    }),
  ),
});
/** See {@link booksSchema}. */
export type Books = z.output<typeof booksSchema>;

/** Reads them, as of one block. @param tasks their numbers; no other may have been posted. */
export async function readBooks(
  client: PublicClient,
  { vault, token, fromBlock }: Deployment,
  tasks: readonly bigint[],
): Promise<Books> {
  const blockNumber = await client.getBlockNumber({ cacheTime: 0 });
  const logs = await client.getLogs({ address: vault, fromBlock: BigInt(fromBlock), toBlock: blockNumber });
  const events = parseEventLogs({ abi: stakeVaultAbi, logs });
  const read = { address: vault, abi: stakeVaultAbi, blockNumber } as const;
  const accounts = new Map<Address, Tally>();
  const pots = new Map(tasks.map((task) => [task, new Tally()]));
  const of = (account: Address): Tally => {
    const known = accounts.get(account) ?? new Tally();
    accounts.set(account, known);
    return known;
  };
  const ofTask = (task: bigint): Tally => {
    const known = pots.get(task);
    if (!known) throw new Error(`books: task ${task} moves money, and is none of the run`);
    return known;
  };
  for (const { eventName, args } of events)
    if (eventName === 'Bonded') of(args.account).bonded += args.amount;
    else if (eventName === 'Withdrawn') of(args.account).withdrawn += args.amount;
    else if (eventName === 'Claimed') of(args.account).claimed += args.amount;
    else if (eventName === 'Funded') ofTask(args.task).funded += args.amount;
    else if (eventName === 'Credited')
      for (const side of [of(args.account), ofTask(args.task)]) side.credited += args.amount;
    else if (eventName === 'HeldBurnt')
      for (const side of [of(args.account), ofTask(args.task)]) side.slashed += args.amount;
    else if (eventName === 'Slashed') {
      for (const side of [of(args.account), ofTask(args.task)]) side.slashed += args.amount;
      of(args.reporter).credited += args.toReporter;
      ofTask(args.task).toReporters += args.toReporter;
    }
  const balance = await client.readContract({
    address: token,
    abi: erc20Abi,
    blockNumber,
    functionName: 'balanceOf',
    args: [vault],
  });
  const burnt = await client.readContract({ ...read, functionName: 'burnt' });
  const pledgedTo = new Map(tasks.map((task) => [task, 0n]));
  const listed: Books['accounts'] = [];
  for (const [account, { bonded, slashed, withdrawn, credited, claimed }] of accounts) {
    const stake = await client.readContract({ ...read, functionName: 'stakeOf', args: [account] });
    const credit = await client.readContract({ ...read, functionName: 'creditOf', args: [account] });
    for (const task of tasks) {
      const pledge = await client.readContract({ ...read, functionName: 'pledgeOf', args: [task, account] });
      pledgedTo.set(task, pledgedTo.get(task)! + pledge);
    }
    const own = { staked: stake.bonded + stake.queued, credit, pledged: stake.pledged };
    const flows = { bonded, slashed, withdrawn, credited, claimed };
    listed.push({ account, ...digitsOf({ ...own, ...flows }) });
  }
  const pages: Books['tasks'] = [];
  for (const [task, { funded, credited, slashed, toReporters }] of pots) {
    const pot = await client.readContract({ ...read, functionName: 'potOf', args: [task] });
    const pledged = pledgedTo.get(task)!;
    pages.push(digitsOf({ task, pot, pledged, funded, credited, slashed, toReporters }));
  }
  return { ...digitsOf({ balance }), held: digitsOf({ burnt }), accounts: listed, tasks: pages };
}

/** What events add up to. */
class Tally {
  bonded = 0n;
  withdrawn = 0n;
  claimed = 0n;
  credited = 0n;
  slashed = 0n;
  funded = 0n;
  toReporters = 0n;
}

const digitsOf = <Name extends string>(amounts: Readonly<Record<Name, bigint>>): Record<Name, string> =>
  Object.fromEntries(Object.entries<bigint>(amounts).map(([name, value]) => [name, `${value}`])) as Record<
    Name,
    string
  >;

/** All stake, credit and pots: what the vault owes to somebody. */
export const owed = ({ accounts, tasks }: Books): bigint =>
  sumOf(accounts, ({ staked }) => staked) +
  sumOf(accounts, ({ credit }) => credit) +
  sumOf(tasks, ({ pot }) => pot);

/** The sum of a column. */
export const sumOf = <Row>(rows: readonly Row[], column: (row: Row) => string): bigint =>
  rows.reduce((sum, row) => sum + BigInt(column(row)), 0n);

/** What does not balance, one line each; empty for books that do. All tasks in them must be over. */
export function imbalances(books: Books): string[] {
  const { balance, held, accounts, tasks } = books;
  const found: string[] = [];
  const same = (what: string, one: bigint, other: bigint) => {
    if (one !== other) found.push(`${what}: ${one} is not ${other}`);
  };
  const [burnt, tokens] = [BigInt(held.burnt), BigInt(balance)];
  same("the vault's tokens and all that it holds for somebody", tokens, owed(books) + burnt);
  const moneyIn = sumOf(accounts, (row) => row.bonded) + sumOf(tasks, (row) => row.funded);
  const moneyOut = sumOf(accounts, (row) => row.withdrawn) + sumOf(accounts, (row) => row.claimed);
  same("the vault's tokens and money in less money out", tokens, moneyIn - moneyOut);
  const slashed = sumOf(accounts, (row) => row.slashed);
  same('what is burnt and what was taken', burnt, slashed - sumOf(tasks, (row) => row.toReporters));
  const pledged = sumOf(accounts, (row) => row.pledged);
  same(
    'stake that accounts have pledged and that is pledged to tasks',
    pledged,
    sumOf(tasks, (row) => row.pledged),
  );
  for (const row of accounts) {
    const { account, ...given } = row;
    const of = (name: keyof typeof given) => BigInt(given[name]);
    same(`stake of ${account}`, of('staked'), of('bonded') - of('slashed') - of('withdrawn'));
    same(`credit of ${account}`, of('credit'), of('credited') - of('claimed'));
    if (of('staked') < of('pledged')) found.push(`${account} has pledged more than it has`);
  }
  for (const { task, pot, pledged, funded, credited } of tasks) {
    same(`pot of task ${task}`, BigInt(pot), BigInt(funded) - BigInt(credited));
    same(`pot of task ${task}, which is over`, BigInt(pot), 0n);
    same(`stake that is pledged to task ${task}, which is over`, BigInt(pledged), 0n);
  }
  return found;
}

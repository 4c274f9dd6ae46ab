// `status --explain`, `prover earnings`: every movement of an account's money with the rule behind it.
import type { Address } from 'viem';
import { readOwner } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { bookNames, type Movement, readEarnings, readStatement, type Statement } from '../../ledger/index.ts';
import type { AccountSettings } from '../command/flags.ts';
import { chooseAccount } from '../open/account.ts';
import { openDeployment, openReader } from '../open/deployment.ts';
import { columns, ether, print, tokens } from '../output/format.ts';

type LookingSettings = Omit<AccountSettings, 'passwordFile'>;

/** An account's statement, as `status --explain` shows it. @throws NodeError `chain` where it does not add up. */
export async function explainAccount(settings: LookingSettings, account: Address): Promise<Statement> {
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  return readStatement(client, deployment, account);
}

/** @throws NodeError `chain` where the movements are not what the vault says. */
export function checkStatement({ books, vault, differing, block }: Statement): void {
  const [name] = differing;
  if (name === undefined) return;
  throw new NodeError(
    'chain',
    `the movements up to block ${block} make ${name} ${tokens(books[name])}, but the vault says ${tokens(vault[name])}`,
    {
      mend: 'Check the deployment with `murmur deployment verify`, and that the node of --rpc keeps all logs.',
    },
  );
}

/** A statement as people read it: a line for each movement, then the sums beside the vault's. */
export function describeStatement({ movements, books, vault, block, differing }: Statement): string {
  const sums = bookNames.map((name) => {
    const verdict = differing.includes(name)
      ? `BUT the vault says ${tokens(vault[name])}`
      : 'as the vault says';
    return `  ${columns([name, -8], [tokens(books[name]), 14])}  ${verdict}`;
  });
  return [...movements.map(describeMovement), `sums up to block ${block}`, ...sums].join('\n');
}

function describeMovement(movement: Movement): string {
  const { kind, amount, task, round, block, rule, transaction, evidence } = movement;
  const place = [task !== undefined && `task ${task}`, round !== undefined && `round ${round}`];
  const proof = evidence === undefined ? '' : `; its proof or vote: ${evidence}`;
  return [
    columns(
      [`block ${block}`, -14],
      [kind, -12],
      [tokens(amount), 14],
      [`  ${place.filter(Boolean).join(', ')}`, -18],
    ),
    `  ${rule} (${transaction}${proof})`,
  ].join('');
}

/** `prover earnings`: fees and slashes by task, and the gas of their transactions. */
export async function earnings(settings: LookingSettings & { readonly task?: bigint }): Promise<void> {
  const account = settings.account ?? (await chooseAccount(settings));
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const statement = await readStatement(client, deployment, account);
  checkStatement(statement);
  const tasks = await readEarnings({ client, deployment, account }, statement.movements, settings.task);
  const sum = (of: 'fees' | 'slashed' | 'gas') => tasks.reduce((total, task) => total + task[of], 0n);
  const total = { fees: sum('fees'), slashed: sum('slashed'), gas: sum('gas') };
  const claimable = statement.books.credit;
  const owner = await readOwner(client, deployment, account);
  const rows = tasks.map(
    ({ task, sums, fees, failed, slashed, gas }) =>
      `task ${task}: ${sums} sums proven for ${tokens(fees)}, ${failed} failed for ${tokens(slashed)}, gas ${ether(gas)}`,
  );
  const text = [
    ...rows,
    `${account}: fees ${tokens(total.fees)}, slashed ${tokens(total.slashed)}, gas ${ether(total.gas)}; ` +
      `to claim ${tokens(claimable)}${owner === account ? '' : ` by its owner ${owner}`}`,
  ];
  const { block } = statement;
  print(settings.json, { account, owner, block, tasks, total, claimable }, text.join('\n'));
}

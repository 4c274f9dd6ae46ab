// `status` of every role: where its account stands, and with `--explain` how it came there.
import { readSeat, readStake, readTask } from '../../chain/index.ts';
import type { AccountSettings } from '../command/flags.ts';
import { chooseAccount } from '../open/account.ts';
import { openDeployment } from '../open/deployment.ts';
import { openOnlooker } from '../open/member.ts';
import { moment, print, tokens } from '../output/format.ts';
import { checkStatement, describeStatement, explainAccount } from './explain.ts';

type StatusSettings = Omit<AccountSettings, 'passwordFile'> & {
  readonly task: bigint;
  readonly explain: boolean;
};

/**
 * Prints where an account stands. It only looks: no password, and a process that runs the role is not
 * disturbed.
 * @throws NodeError `chain` where the movements of `--explain` are not what the vault says.
 */
export async function status(settings: StatusSettings): Promise<void> {
  const { task } = settings;
  const deployment = await openDeployment(settings);
  const account = settings.account ?? (await chooseAccount(settings));
  const { client, chain } = await openOnlooker(settings, { deployment, task, seat: account });
  const posted = await readTask(client, deployment, task);
  await chain.refresh();
  const seat = await readSeat(client, deployment, { task, account });
  const stake = await readStake(client, deployment, account);
  const started = posted.status === 'running' || posted.status === 'ended';
  const stage = started ? await chain.stage() : undefined;
  const standing = started ? (await chain.seat(account)).standing : 'none';
  const { rounds, slashed, credits } = chain.journal;
  const settled = rounds.flatMap((entry) => entry.settled.filter(({ trainer }) => trainer === account));
  const result = {
    task,
    account,
    status: posted.status,
    role: seat.role,
    standing,
    round: stage?.round ?? 0,
    phase: stage?.phase ?? 'none',
    deadline: stage?.deadline ?? posted.deadline,
    strikes: settled.at(-1)?.level ?? 0,
    pledged: seat.pledged,
    slashed: slashed.get(account) ?? 0n,
    earned: credits.get(account) ?? 0n,
    claimable: stake.credit,
    free: stake.free,
    queued: stake.queued,
    owner: stake.owner,
  };
  const { pledged, claimable, free, queued, strikes, deadline } = result;
  const at = stage ? `, round ${stage.round} of ${posted.parameters.rounds}, ${stage.phase}` : '';
  const earned = `earned ${tokens(result.earned)}, to claim ${tokens(claimable)}`;
  const text = [
    `task ${task} is ${posted.status}${at}, deadline ${moment(deadline)}`,
    `${account}: ${seat.role}${started ? `, standing ${standing}` : ''}, ${strikes} strikes`,
    `  pledged ${tokens(pledged)}, slashed ${tokens(result.slashed)}, ${earned}`,
    `  free ${tokens(free)}, on its way out ${tokens(queued)}`,
    ...(stake.owner === account ? [] : [`  stake and earnings are its owner's, ${stake.owner}`]),
  ];
  if (!settings.explain) return print(settings.json, result, text.join('\n'));
  const statement = await explainAccount(settings, account);
  const { account: _, ...explanation } = statement;
  print(settings.json, { ...result, explanation }, [...text, describeStatement(statement)].join('\n'));
  checkStatement(statement);
}

// `planner show`: a task as the chain and its description tell it.
import type { Deployment } from '@murmuration/contracts';
import type { Address } from 'viem';
import { departureReason, type PostedTask, readTask } from '../../../chain/index.ts';
import { figureUnit } from '../../../protocol/index.ts';
import { describePrivacy, reviewTask, roundsVoidedByOne, statedPrivacy } from '../../../review/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { namesOf, readMembersFile } from '../../files/members.ts';
import { storeOf } from '../../open/content_place.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openOnlooker } from '../../open/member.ts';
import { presetName } from '../../open/preset_name.ts';
import { describeFinding, readDescription, readMembers } from '../../open/review.ts';
import { moment, percent, print, tokens } from '../../output/format.ts';

/** `planner show`. */
export async function show(
  settings: ChainSettings & { readonly task: bigint; readonly members?: string },
): Promise<void> {
  const { task: number } = settings;
  const nameOf = namesOf(settings.members ? await readMembersFile(settings.members) : undefined);
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const posted = await readTask(client, deployment, number);
  const description = await readDescription(settings, deployment, posted);
  const { economics, rules, deadlines, parameters } = posted;
  const privacy = description && statedPrivacy(description);
  const members = await readMembers(client, deployment, posted);
  const findings = reviewTask({ ...posted, members, description });
  const { rounds, departures } = await historyOf(settings, deployment, posted);
  const list = (record: Record<string, unknown>) =>
    Object.entries(record).map(
      ([name, value]) => `  ${name.padEnd(14)} ${typeof value === 'bigint' ? tokens(value) : value}`,
    );
  const { minTrainers, maxTrainers, minValidators, maxValidators, threshold } = parameters;
  const seats = `${minTrainers} to ${maxTrainers} trainers, ${minValidators} to ${maxValidators} validators`;
  const preset = presetName(parameters.preset);
  const chunks = parameters.chunks === 1 ? '1 chunk' : `${parameters.chunks} chunks`;
  const text = [
    `task ${number}: ${description?.name ?? `description ${parameters.metadata} is not in ${storeOf(settings, deployment)}`}`,
    `  status         ${posted.status}, deadline ${moment(posted.deadline)}`,
    `  planner        ${posted.planner}`,
    `  model          ${parameters.modelSize} parameters, in ${parameters.rounds} rounds`,
    ...(description?.model.kind === 'program'
      ? [
          '  program        which every site installs by itself',
          ...description.model.files.map(({ name, sha256 }) => `    ${name.padEnd(12)} ${sha256}`),
        ]
      : []),
    `  a round        ${chunks} of preset ${preset}`,
    `  seats          ${seats}; ${threshold} decrypt`,
    `  sifting        ${describeSifting(parameters)}`,
    ...(description ? [`  privacy        ${describePrivacy(privacy)}`] : []),
    ...posted.trainers.map((account) => `  trainer        ${nameOf(account)}`),
    ...posted.validators.map((account) => `  validator      ${nameOf(account)}`),
    ...departures.map((one) => {
      const cost = one.slashed > 0n ? `; ${tokens(one.slashed)} slashed` : '';
      return `  left           ${nameOf(one.account)} ${departureReason(one)}${cost}`;
    }),
    ...(rounds.length > 0
      ? ["rounds, with each trainer's cosine with what was new in the probes and its reward"]
      : []),
    ...rounds.flatMap((round) => describeRound(round, nameOf)),
    'economics, in tokens',
    ...list(economics),
    'rules',
    ...list(rules),
    'deadlines, in seconds',
    ...list(deadlines),
    ...(findings.length > 0 ? ['what a review of these terms finds'] : []),
    ...findings.map((finding) => `  ${describeFinding(finding)}`),
  ];
  print(
    settings.json,
    { ...posted, preset, description, privacy, progress: rounds, departures, findings },
    text.join('\n'),
  );
}

/** What wrong ciphertexts of one trainer do, where all seats are taken. */
function describeSifting(parameters: PostedTask['parameters']): string {
  const voided = roundsVoidedByOne(parameters);
  return voided === undefined
    ? 'none: a round needs all trainers, so one with wrong ciphertexts voids them all'
    : `one trainer with wrong ciphertexts voids ${voided} rounds at most before it is left out`;
}

/** How a task went, as the chain tells it: who left before the start, and its rounds. */
async function historyOf(settings: ChainSettings, deployment: Deployment, posted: PostedTask) {
  const { chain } = await openOnlooker(settings, { deployment, task: posted.task, seat: posted.planner });
  await chain.refresh();
  const { journal } = chain;
  const rounds = journal.rounds.map(({ number, phase, outcome, tally, settled, penalties }) => ({
    round: number,
    phase,
    outcome,
    quality: tally?.quality,
    trainers: settled,
    penalties,
  }));
  return { rounds, departures: journal.departures };
}

function describeRound(
  round: Awaited<ReturnType<typeof historyOf>>['rounds'][number],
  nameOf: (account: Address) => string,
): string[] {
  const { phase, outcome, quality, trainers, penalties } = round;
  const accuracy = quality === undefined ? '' : `, accuracy ${percent(quality / 10_000)}`;
  return [
    `  round ${round.round}: ${outcome === 'pending' ? phase : outcome}${accuracy}`,
    ...trainers.map(({ trainer, seen, struck, reward }) => {
      const cosine = (seen / figureUnit).toFixed(2).padStart(5);
      return `    ${nameOf(trainer)}  ${cosine}  ${tokens(reward)}${struck ? '  struck' : ''}`;
    }),
    ...penalties.map(
      ({ account, fault, amount }) => `    ${nameOf(account)}  ${fault}: ${tokens(amount)} slashed`,
    ),
  ];
}

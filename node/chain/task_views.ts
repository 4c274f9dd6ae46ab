// What can be asked of a task, over JSON-RPC.
import {
  type Deployment,
  exclusionsAbi,
  marketplaceAbi,
  phases,
  roundsAbi,
  selectors,
  settlementAbi,
  stakeVaultAbi,
  standings,
  taskStatuses,
  validationAbi,
} from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { sumsIn } from '../protocol/index.ts';
import { explained } from './gone.ts';
import type { Heads } from './heads.ts';
import { nextTime } from './next_block.ts';
import { OnceABlock } from './once_a_block.ts';
import type { TaskTerms, TaskViews } from './task_chain.ts';

/** Which task of which deployment is looked at. */
export interface ViewSettings {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly heads: Heads;
  readonly task: bigint;
}

/** The views of a task, each at the latest block. */
export function createTaskViews({ client, deployment, heads, task }: ViewSettings): TaskViews {
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi } as const;
  const rounds = { address: deployment.rounds, abi: roundsAbi } as const;
  const exclusions = { address: deployment.exclusions, abi: exclusionsAbi } as const;
  const validation = { address: deployment.validation, abi: validationAbi } as const;
  const settlement = { address: deployment.settlement, abi: settlementAbi } as const;
  const answers = new OnceABlock(heads);
  const once: Pick<OnceABlock, 'of'> = {
    of: (name, ask) =>
      answers.of(name, ask).catch(async (error: unknown) => {
        throw await explained(client, deployment, error);
      }),
  };
  let known: TaskTerms | undefined;
  const times = new Map<bigint, Promise<bigint>>();

  return {
    async terms() {
      if (known) return known;
      const [parameters, deadlines] = await Promise.all([
        client.readContract({ ...marketplace, functionName: 'parametersOf', args: [task] }),
        client.readContract({ ...marketplace, functionName: 'deadlinesOf', args: [task] }),
      ]);
      const { metadata, model, preset, normBound, probeNormBound, chunks, threshold, selector } = parameters;
      known = {
        metadata,
        model,
        preset,
        normBounds: { update: normBound, probe: probeNormBound },
        chunks,
        threshold,
        selector: selectors[selector]!,
        keyingDuration: deadlines.keying,
        submitDuration: deadlines.submit,
        inspectDuration: deadlines.inspect,
        aggregateDuration: deadlines.aggregate,
        commitDuration: deadlines.commit,
      };
      return known;
    },

    async state() {
      const state = await once.of('state', (at) =>
        client.readContract({ ...marketplace, ...at, functionName: 'stateOf', args: [task] }),
      );
      const { status, deadline, epoch } = state;
      return { status: taskStatuses[status]!, deadline, epoch };
    },

    async stage() {
      const stage = await once.of('stage', (at) =>
        client.readContract({ ...rounds, ...at, functionName: 'stageOf', args: [task] }),
      );
      return {
        round: stage.number,
        phase: phases[stage.phase]!,
        deadline: stage.deadline,
        weight: stage.weight,
        probes: stage.acceptedProbes,
        sumsDue: sumsIn(stage.sumsDue),
        sumsProven: sumsIn(stage.sumsProven),
      };
    },

    async seat(member) {
      const args = [task, member] as const;
      const [seat, vote] = await once.of(`seat/${member}`, (at) =>
        Promise.all([
          client.readContract({ ...rounds, ...at, functionName: 'seatOf', args }),
          client.readContract({ ...validation, ...at, functionName: 'voteOf', args }),
        ]),
      );
      return {
        index: seat.index,
        standing: standings[seat.standing]!,
        proposedIn: seat.proposedIn,
        submittedIn: seat.submittedIn,
        accepted: seat.accepted,
        inspectedIn: seat.inspectedIn,
        committedIn: vote.committedIn,
        revealedIn: vote.revealedIn,
        abstainedIn: vote.abstainedIn,
      };
    },

    pledgeOf(account) {
      const vault = { address: deployment.vault, abi: stakeVaultAbi } as const;
      return once.of(`pledge/${account}`, (at) =>
        client.readContract({ ...vault, ...at, functionName: 'pledgeOf', args: [task, account] }),
      );
    },
    isAnybodySuspected: () =>
      once.of('suspected', async (at) => {
        const [trainers] = await client.readContract({
          ...rounds,
          ...at,
          functionName: 'committeeOf',
          args: [task],
        });
        const suspicions = await Promise.all(
          trainers.map((trainer) =>
            client.readContract({ ...exclusions, ...at, functionName: 'suspicionOf', args: [task, trainer] }),
          ),
        );
        return suspicions.some((suspicion) => suspicion > 0n);
      }),
    isSifted: () =>
      once.of('isSifted', (at) =>
        client.readContract({ ...exclusions, ...at, functionName: 'isSifted', args: [task] }),
      ),
    surplus: () =>
      once.of('surplus', (at) =>
        client.readContract({ ...exclusions, ...at, functionName: 'surplus', args: [task] }),
      ),

    async weightOf(trainer) {
      const args = [task, trainer] as const;
      const { weight } = await once.of(`weight/${trainer}`, (at) =>
        client.readContract({ ...marketplace, ...at, functionName: 'applicantOf', args }),
      );
      return weight;
    },

    sumOf(sum, chunk) {
      const args = [task, BigInt(sum), BigInt(chunk)] as const;
      return once.of(`sum/${sum}/${chunk}`, (at) =>
        client.readContract({ ...rounds, ...at, functionName: 'sumOf', args }),
      );
    },

    async alignmentInputs(round, trainer) {
      const args = [task, BigInt(round), trainer] as const;
      const [, hUpdate, references] = await client.readContract({
        ...rounds,
        functionName: 'alignmentInputs',
        args,
      });
      return { hUpdate, references };
    },

    async alignmentProvenIn(trainer) {
      const args = [task, trainer] as const;
      const { round } = await client.readContract({ ...settlement, functionName: 'alignmentOf', args });
      return round;
    },

    // Of the block that is being made: a chain that makes blocks on demand has an old latest one.
    time: () => nextTime(client),

    timeOf(blockNumber) {
      const known = times.get(blockNumber);
      if (known) return known;
      const time = client.getBlock({ blockNumber }).then(({ timestamp }) => timestamp);
      time.catch(() => times.delete(blockNumber));
      times.set(blockNumber, time);
      return time;
    },
  };
}

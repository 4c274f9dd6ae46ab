// The work of `murmur prover bench`.

import { availableParallelism } from 'node:os';
import { createClient } from '../../../chain/index.ts';
import { servedOf } from '../../../service/agent/index.ts';
import {
  type BreakEven,
  breakEven,
  measureYield,
  suggestAgents,
  type Yield,
} from '../../../service/bench/index.ts';
import type { Settings } from '../../command/flag.ts';
import { openServiceKeys, startBackend } from '../../open/service.ts';
import { describeError } from '../../output/fault.ts';
import { columns, ether, print, tokens } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import type { benchFlags } from './flags.ts';

type BenchSettings = Settings<typeof benchFlags>;

/** Measures, and prints what the machine is worth as a prover. */
export async function bench(settings: BenchSettings): Promise<void> {
  const { runs, json } = settings;
  const line = progress();
  const keySets = await openServiceKeys(settings, line.show);
  const yields: Yield[] = [];
  for (const keys of keySets)
    for (const { circuit } of servedOf([keys], settings.circuits)) {
      // A backend of its own, so that the memory is this circuit's.
      const backend = await startBackend({ ...settings, parallel: 1 });
      const name = `${circuit}/${keys.preset}`;
      try {
        const show = (run: number) => line.show(`${name}: ${run} of ${runs}`);
        show(0);
        yields.push(await measureYield({ keys, backend, circuit }, runs, show));
      } finally {
        await backend.stop();
      }
    }
  const machine = { processors: availableParallelism(), memory: process.availableMemory() };
  const agents = suggestAgents(yields, machine);
  const gas = await readGasPrice(settings.rpc);
  const rows = yields.map((each) => ({
    ...each,
    breakEven:
      each.circuit === 'aggregate' && gas.price !== undefined ? costOf(each, gas.price, settings) : undefined,
  }));
  line.done(`measured on ${machine.processors} processors`);
  const result = { yields: rows, agents, machine, gasPrice: gas.price, gasFault: gas.fault };
  const text = [
    ...rows.map(describeRow),
    `suggested agents on this machine: ${agents}, of one proof each`,
    gas.fault === undefined ? '' : `no break-even fee: ${gas.fault}`,
  ];
  print(json, result, text.filter(Boolean).join('\n'));
}

function costOf(each: Yield, gasPrice: bigint, { hourly, tokenPrice }: BenchSettings): BreakEven {
  return breakEven(each, { gasPrice, anHour: hourly, ofToken: tokenPrice });
}

/** Wei for one gas at the chain's node; a fault is told, and the figures of the machine stand without it. */
async function readGasPrice(rpc: string): Promise<{ price?: bigint; fault?: string }> {
  try {
    return { price: await createClient({ url: rpc }).getGasPrice() };
  } catch (error) {
    return { fault: describeError(error) };
  }
}

function describeRow(row: Yield & { readonly breakEven: BreakEven | undefined }): string {
  const { circuit, preset, ms, anHour, processors, peak, engine } = row;
  const figures = columns(
    [`${circuit}/${preset}`, -18],
    [`${Math.round(anHour)} an hour`, 16],
    [`${Math.round(ms)} ms`, 10],
    [`${processors.toFixed(1)} processors`, 16],
    [`${Math.round(peak / 2 ** 20)} MiB`, 10],
  );
  if (!row.breakEven) return `${figures}  ${engine}`;
  const { cost, fee } = row.breakEven;
  const price = fee === undefined ? ether(cost) : `${ether(cost)}, a fee of ${tokens(fee)}`;
  return `${figures}  ${engine}; breaks even at ${price} a sum of one chunk`;
}

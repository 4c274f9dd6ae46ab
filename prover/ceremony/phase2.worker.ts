// Thread that runs one step of phase 2 in snarkjs, which leaves threads of its own running; they end with
// this one.
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '@murmuration/core';
import { replaceWebWorker } from '../web_worker_hook.ts';

/** A step. Paths are of files; the new key is written where `to` says. */
export type Step =
  | { readonly type: 'new'; readonly r1cs: string; readonly ptau: string; readonly to: string }
  | {
      readonly type: 'contribute';
      readonly from: string;
      readonly to: string;
      readonly name: string;
      readonly entropy: string;
    }
  | {
      readonly type: 'beacon';
      readonly from: string;
      readonly to: string;
      readonly name: string;
      readonly beacon: string;
      readonly iterationsExp: number;
    }
  | { readonly type: 'verify'; readonly r1cs: string; readonly ptau: string; readonly zkey: string };

/** How it ended: a hash in hexadecimal digits for a step that makes a key, and what snarkjs had to say. */
export interface StepResult {
  readonly ok: boolean;
  readonly hash?: string;
  readonly complaints: readonly string[];
}

replaceWebWorker();
const { zKey } = await import('snarkjs');
const complaints: string[] = [];
const ignore = () => undefined;
const complain = (text: unknown) => void complaints.push(String(text));
const logger = { info: ignore, debug: ignore, warn: complain, error: complain };
// Part of snarkjs's verification complains on the console only.
console.log = complain;

function run(step: Step): Promise<unknown> {
  switch (step.type) {
    case 'new':
      return zKey.newZKey(step.r1cs, step.ptau, step.to, logger);
    case 'contribute':
      return zKey.contribute(step.from, step.to, step.name, step.entropy, logger);
    case 'beacon':
      return zKey.beacon(step.from, step.to, step.name, step.beacon, step.iterationsExp, logger);
    case 'verify':
      return zKey.verifyFromR1cs(step.r1cs, step.ptau, step.zkey, logger);
  }
}

let result: StepResult;
try {
  const value = await run(workerData as Step);
  if (value instanceof Uint8Array)
    result = { ok: true, hash: Buffer.from(value).toString('hex'), complaints };
  else result = { ok: value === true, complaints };
} catch (error) {
  result = { ok: false, complaints: [...complaints, reasonOf(error)] };
}
parentPort!.postMessage(result);

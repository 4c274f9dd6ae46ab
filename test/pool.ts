// Files of tests share processes: to start one and load the modules anew takes longer than most files' tests.
import { readFileSync } from 'node:fs';
import { BaseSequencer, ForksPoolWorker, type PoolOptions, type TestSpecification } from 'vitest/node';

type Request = Parameters<ForksPoolWorker['send']>[0];
interface Task {
  readonly context: { readonly files: readonly { readonly filepath: string }[] };
}

/**
 * What changes the process for whatever runs in it later, or measures it: modules and the clock that are replaced,
 * variables of the environment, the folder, handlers, flags, what it holds. Spies are taken away after each file.
 */
const alters = new RegExp(
  [
    /\bvi\.(?:mock|doMock|hoisted|stub\w+|useFakeTimers|resetModules)\(/,
    /\bprocess\.(?:chdir|exit|umask|on|once|memoryUsage|resourceUsage|getActiveResourcesInfo)\(/,
    /\bprocess\.(?:exitCode|env(?:\.\w+|\[[^\]]+\]))\s*(?:\?\?|\|\|)?=[^=>]|\bdelete process\./,
    /\b(?:setFlagsFromString\(|tf\.memory\(|memory\.ts')/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** Whether a file of tests, with this text, runs in a process of its own. */
export const needsItsOwnProcess = (text: string): boolean => alters.test(text);

const known = new Map<string, boolean>();
function runsAlone(file: string): boolean {
  const alone = known.get(file) ?? needsItsOwnProcess(readFileSync(file, 'utf8'));
  known.set(file, alone);
  return alone;
}

const name = 'shared';

class SharedProcess extends ForksPoolWorker {
  override readonly name = name;
  #taken = false;

  override send(request: Request): void {
    if (request.type === 'run' || request.type === 'collect') this.#taken ||= alone(request);
    super.send(request);
  }

  /** Whether the next files may run where others have. */
  canReuse(task: Task): boolean {
    return !this.#taken && !alone(task);
  }
}

const alone = ({ context }: Task): boolean => context.files.some(({ filepath }) => runsAlone(filepath));

/** vitest's pool of processes, for a project with `isolate: false`. */
export const sharedProcesses = {
  name,
  createPoolWorker: (options: PoolOptions) => new SharedProcess(options),
};

/** Files, below test/, that take longest: begun among the last, one would still run when the others are over. */
export const longest: readonly string[] = [
  'circuits/alignment',
  'circuits/score_parts',
  'circuits/templates',
  'contracts/artifacts',
  'e2e/adversaries',
  'e2e/clinics',
  'e2e/clinics_example',
  'e2e/disputes',
  'e2e/faults',
  'e2e/install',
  'e2e/machines',
  'e2e/prover_farm',
  'e2e/roles',
  'e2e/withheld',
  'fuzz/fuzz',
  'node/chain/providers',
  'node/exchange/members_store',
  'node/peer/peer',
  'node/ring/killed',
  'node/roles/round/decryption',
  'node/service/api',
  'node/service/client',
  'node/service/queue',
  'node/simulate/simulate',
  'prover/backends/backends',
  'prover/ceremony/ceremony',
  'prover/examples',
  'prover/wasm/sums',
  'prover/wasm/threads',
];

/**
 * First the files that run alone, since a shared process ends when the next file may not run in it; then the longest;
 * the others as vitest has them.
 */
export class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const turn = ({ moduleId }: TestSpecification): number => {
      if (runsAlone(moduleId)) return 0;
      return longest.some((name) => moduleId.endsWith(`/test/${name}.test.ts`)) ? 1 : 2;
    };
    return sorted.sort((a, b) => turn(a) - turn(b));
  }
}

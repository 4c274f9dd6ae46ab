// JSON-RPC over the nodes of a setting: where one gives no answer, the next is asked; where none does, all are asked
// again a while later, a few times. An error that a node answers with is an answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport, RpcRequestError, type Transport } from 'viem';
import { rpcAddresses } from './address.ts';
import { patience as defaultPatience, type Question, RpcEndpoint } from './endpoint.ts';
import { ChainAway, type RpcFault } from './error.ts';
import type { SilenceListener } from './silence.ts';

/** How patient a transport is. */
export interface RpcLimits {
  /** Times that all nodes are asked. */
  readonly tries?: number;
  /** Milliseconds for one exchange. */
  readonly patience?: number;
  /** Bytes of an answer, at most. */
  readonly mostBytes?: number;
  /** Hears, before the last try, of nodes that have taken one exchange's time and more without an answer. */
  readonly onSilence?: SilenceListener;
}

/** Milliseconds before the second try; twice that before the third. */
const firstPause = 200;

/** Milliseconds between two tries, at most, whatever a node asks for. */
const longestPause = 10_000;

/** Milliseconds after which no further try is made. */
const mostAltogether = 40_000;

/** Questions that take a node no time: those of one moment go together. */
const light: ReadonlySet<string> = new Set([
  'eth_getBlockByNumber',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_gasPrice',
  'eth_getCode',
]);

/** A viem transport over the nodes of a setting, which are separated by commas. */
export function rpcTransport(
  setting: string,
  { tries = 4, patience = defaultPatience, mostBytes, onSilence }: RpcLimits = {},
): Transport {
  const limits = { patience, ...(mostBytes !== undefined && { mostBytes }) };
  const endpoints = rpcAddresses(setting).map((address) => new RpcEndpoint(address, limits));
  /** The one that answered last. */
  let first = 0;
  /** Until when a node wants to be left alone. */
  const resting = new Map<RpcEndpoint, number>();

  async function ask(question: Question): Promise<unknown> {
    const began = performance.now();
    const faults = new Map<RpcEndpoint, RpcFault>();
    for (let attempt = 0; ; attempt++) {
      const inOrder = endpoints.map((_, ahead) => endpoints[(first + ahead) % endpoints.length]!);
      const awake = inOrder.filter((each) => (resting.get(each) ?? 0) <= performance.now());
      for (const endpoint of awake.length > 0 ? awake : inOrder) {
        const answer = await endpoint.ask(question, !isLight(question));
        if (answer.how !== 'fault') first = endpoints.indexOf(endpoint);
        if (answer.how === 'result') return answer.result;
        if (answer.how === 'error')
          throw new RpcRequestError({ body: { ...question }, error: answer.error, url: endpoint.name });
        const { fault } = answer;
        faults.set(endpoint, fault);
        if (fault.after !== undefined)
          resting.set(endpoint, performance.now() + Math.min(fault.after, longestPause));
      }
      const away = () => new ChainAway([...faults].map(([{ name }, fault]) => ({ name, ...fault })));
      const taken = performance.now() - began;
      if (attempt + 1 >= tries || taken > mostAltogether) throw away();
      // A timer ends up to a millisecond before this clock says so.
      if (taken >= patience - 1) onSilence?.(away());
      const asked = Math.min(...[...faults.values()].map(({ after = 0 }) => after));
      await sleep(Math.min(Math.max(firstPause * 2 ** attempt, asked), longestPause));
    }
  }

  return () =>
    createTransport({
      key: 'rpc',
      name: 'JSON-RPC',
      type: 'http',
      // Asked again here, not by viem.
      retryCount: 0,
      request: ask as never,
    });
}

/** Calls that only look have no sender; logs of one block are named by its hash. */
const isLight = ({ method, params }: Question): boolean => {
  const [of] = (params ?? []) as readonly { readonly from?: unknown; readonly blockHash?: unknown }[];
  return (
    light.has(method) ||
    (method === 'eth_call' && !of?.from) ||
    (method === 'eth_getLogs' && of?.blockHash !== undefined)
  );
};

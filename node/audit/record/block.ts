// A block held against its own hash: header, transactions and receipts, so that no byte of a log or of a call
// can be another than the chain's. Which block of this number is the chain's own its hash says, which anybody
// compares.
import { reasonOf } from '@murmuration/core';
import {
  type Address,
  formatTransaction,
  getAddress,
  type Hash,
  type Hex,
  keccak256,
  numberToHex,
  type PublicClient,
  parseTransaction,
  type RpcTransaction,
  type RpcTransactionReceipt,
  serializeSignature,
  serializeTransaction,
  type TransactionSerializable,
  toRlp,
} from 'viem';
import { signerOf } from '../../protocol/index.ts';
import { enveloped, orderedRoot, quantity } from './trie.ts';

/** A call that a block holds. */
export interface BlockCall {
  readonly hash: Hash;
  readonly from: Address;
  readonly to: Address | null;
  readonly input: Hex;
  readonly nonce: number;
}

/** A log as a block's receipt has it. */
export interface BlockLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly transactionHash: Hash;
  readonly logIndex: number;
}

/**
 * Why a block cannot be relied on. `contradicts`: parts of it do not fit each other. `unknown`: the node does not hand
 * out what it takes, or the chain hashes its headers by rules of its own.
 */
export interface Doubt {
  readonly kind: 'contradicts' | 'unknown';
  readonly text: string;
}

/** A block as far as an audit reads it. */
export interface AuditedBlock {
  readonly number: bigint;
  readonly hash: Hash;
  /** Seconds, chain time. */
  readonly time: bigint;
  /** `prevrandao`. */
  readonly random: Hex;
  readonly calls: ReadonlyMap<Hash, BlockCall>;
  readonly logs: readonly BlockLog[];
  /** What of it does not give the hash, or could not be held against it. */
  readonly doubts: readonly Doubt[];
}

/** Members of a header in their order; the later ones came with forks, and are there or not. */
const headerFields = [
  ['parentHash', 'data'],
  ['sha3Uncles', 'data'],
  ['miner', 'data'],
  ['stateRoot', 'data'],
  ['transactionsRoot', 'data'],
  ['receiptsRoot', 'data'],
  ['logsBloom', 'data'],
  ['difficulty', 'number'],
  ['number', 'number'],
  ['gasLimit', 'number'],
  ['gasUsed', 'number'],
  ['timestamp', 'number'],
  ['extraData', 'data'],
  ['mixHash', 'data'],
  ['nonce', 'data'],
  ['baseFeePerGas', 'number'],
  ['withdrawalsRoot', 'data'],
  ['blobGasUsed', 'number'],
  ['excessBlobGas', 'number'],
  ['parentBeaconBlockRoot', 'data'],
  ['requestsHash', 'data'],
] as const;

type Header = Partial<Record<(typeof headerFields)[number][0], Hex | null>> & {
  readonly hash: Hash;
  readonly transactions: readonly RpcTransaction[];
};

/** Reads a block, and holds it against its hash. */
export async function readBlock(client: PublicClient, number: bigint): Promise<AuditedBlock> {
  const at = numberToHex(number);
  const [block, receipts] = await Promise.all([
    client.request({ method: 'eth_getBlockByNumber', params: [at, true] }),
    client
      .request<{
        Method: 'eth_getBlockReceipts';
        Parameters: [Hex];
        ReturnType: RpcTransactionReceipt[] | null;
      }>({
        method: 'eth_getBlockReceipts',
        params: [at],
      })
      .catch(() => null),
  ]);
  if (!block) throw new Error(`block ${number} is not there`);
  const header = block as Header;
  const doubts = [headerDoubt(header), transactionsDoubt(header), receiptsDoubt(header, receipts)];
  const calls = new Map<Hash, BlockCall>();
  for (const raw of header.transactions) {
    const { hash, from, to, input, nonce } = raw;
    calls.set(hash, { hash, from: getAddress(from), to, input, nonce: Number(nonce) });
    doubts.push(senderDoubt(raw));
  }
  return {
    number,
    hash: header.hash,
    time: BigInt(header.timestamp ?? '0x0'),
    random: header.mixHash ?? '0x',
    calls,
    logs: (receipts ?? []).flatMap(({ logs }) =>
      logs.map(({ address, topics, data, transactionHash, logIndex }) => ({
        address,
        topics,
        data,
        transactionHash: transactionHash!,
        logIndex: Number(logIndex),
      })),
    ),
    doubts: doubts.filter((doubt) => doubt !== undefined),
  };
}

/** The hash that a header gives. */
export function hashOfHeader(header: Header): Hash {
  const present = headerFields.filter(([name]) => header[name] !== undefined && header[name] !== null);
  return keccak256(
    toRlp(present.map(([name, kind]) => (kind === 'number' ? quantity(header[name]!) : header[name]!))),
  );
}

function headerDoubt(header: Header): Doubt | undefined {
  return hashOfHeader(header) === header.hash ? undefined : unknown('its header does not give its hash');
}

function transactionsDoubt({ transactions, transactionsRoot }: Header): Doubt | undefined {
  try {
    const all = transactions.map((raw) => {
      const serialized = serialize(raw);
      if (keccak256(serialized) !== raw.hash)
        throw new Error(`transaction ${raw.hash} does not give its hash`);
      return serialized;
    });
    return orderedRoot(all) === transactionsRoot
      ? undefined
      : contradicts('its transactions do not give their root');
  } catch (error) {
    return contradicts(reasonOf(error));
  }
}

function serialize(raw: RpcTransaction): Hex {
  const { r, s, v, yParity, ...transaction } = formatTransaction(raw);
  return serializeTransaction({ ...transaction, data: raw.input } as TransactionSerializable, {
    r: r!,
    s: s!,
    v: v!,
    ...(yParity !== undefined && { yParity }),
  });
}

function senderDoubt(raw: RpcTransaction): Doubt | undefined {
  try {
    // Parsed, since in the oldest form only `v` names the chain that was signed for.
    const { r, s, v, yParity, ...signed } = parseTransaction(serialize(raw));
    const hash = keccak256(serializeTransaction(signed as TransactionSerializable));
    const signer = signerOf(hash, serializeSignature({ r: r!, s: s!, v: v!, yParity: yParity! }));
    return signer?.toLowerCase() === raw.from.toLowerCase()
      ? undefined
      : contradicts(`transaction ${raw.hash} is signed by another account than ${raw.from}`);
  } catch (error) {
    return contradicts(`transaction ${raw.hash}: ${reasonOf(error)}`);
  }
}

function receiptsDoubt(
  { receiptsRoot }: Header,
  receipts: readonly RpcTransactionReceipt[] | null,
): Doubt | undefined {
  if (!receipts) return unknown('the node hands out no receipts of whole blocks');
  const all = receipts.map(({ type, status, cumulativeGasUsed, logsBloom, logs }) => {
    const entries = logs.map(({ address, topics, data }) => [address, [...topics], data] as const);
    const fields = [quantity(status), quantity(cumulativeGasUsed), logsBloom, entries];
    return enveloped(type as Hex, toRlp(fields as Parameters<typeof toRlp>[0], 'hex') as Hex);
  });
  return orderedRoot(all) === receiptsRoot ? undefined : contradicts('its receipts do not give their root');
}

const contradicts = (text: string): Doubt => ({ kind: 'contradicts', text });
const unknown = (text: string): Doubt => ({ kind: 'unknown', text });

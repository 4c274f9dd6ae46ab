// Messages between members' peers, and small contents of the store.
import { privateKeyToAccount } from 'viem/accounts';
import { decodeEvidence, encodeEvidence } from '../../../node/disputes/index.ts';
import { readFrame } from '../../../node/peer/frame.ts';
import { createAddressBook, peerKey, signRegistration } from '../../../node/peer/index.ts';
import {
  decodeBundle,
  decodeModel,
  decodeProposal,
  decodeSum,
  encodeBundle,
  encodeModel,
  encodeProposal,
  encodeSum,
} from '../../../node/protocol/index.ts';
import { decodeChain, encodeChain } from '../../../node/ring/index.ts';
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from '../../../node/ring/wire.ts';
import { jsonMutators } from '../mutate/json.ts';
import { Random } from '../random.ts';
import type { Prepared, Target } from '../target.ts';

const hex = (digits: string, length: number) => `0x${digits.repeat(length)}` as const;
const link = { payload: hex('ab', 32), signature: hex('cd', 65) };
const chain = { ring: hex('01', 32), absent: 5n, segment: 3, links: [link, link, link] };
const notice = { accused: 1, by: 2, signature: link.signature };
const account = privateKeyToAccount(hex('42', 32));
const domain = { chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;

const of = (name: string, inputs: number, prepared: Prepared): Target => ({
  name,
  inputs,
  prepare: async () => prepared,
});

/** A stream that hands out bytes in pieces, then ends. */
class Pieces extends EventTarget {
  readonly protocol = '/murmuration/test/1';
  readonly status = 'open';
  readonly readableEnded = false;
  readonly readBufferLength = 0;

  async play(bytes: Uint8Array): Promise<void> {
    const random = new Random(`${bytes.length}`);
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random.below(random.below(2) === 0 ? 3 : 2000);
      this.dispatchEvent(Object.assign(new Event('message'), { data: bytes.subarray(at, at + size) }));
      at += size;
      await Promise.resolve();
    }
    this.dispatchEvent(new Event('end'));
    this.dispatchEvent(new Event('close'));
  }
}

const frame = (message: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(4 + message.length);
  new DataView(bytes.buffer).setUint32(0, message.length);
  bytes.set(message, 4);
  return bytes;
};

const wire = { codes: ['wire'] };

export const messageTargets: readonly Target[] = [
  of('ring-request', 600, {
    ...wire,
    names: /ring/,
    corpus: [
      encodeRequest({ kind: 'hop', ring: chain.ring, absent: 5n, chain, part: new Uint8Array(200).fill(7) }),
      encodeRequest({ kind: 'notices', ring: chain.ring, absent: 0n, notices: [notice, notice] }),
      encodeRequest({ kind: 'status', ring: chain.ring, absent: 0n }),
    ],
    read: (input) => isSame(encodeRequest(decodeRequest(input)), input),
  }),
  of('ring-reply', 600, {
    ...wire,
    names: /ring/,
    corpus: [
      encodeReply({ answer: 'accepted', absent: 3n, progress: 4, notices: [notice] }),
      encodeReply({ answer: 'unknown', absent: 0n, progress: 0, notices: [] }),
    ],
    read: (input) => isSame(encodeReply(decodeReply(input)), input),
  }),
  of('ring-chain', 600, {
    ...wire,
    names: /ring/,
    corpus: [encodeChain(chain)],
    read: (input) => isSame(encodeChain(decodeChain(input)), input),
  }),
  of('frame', 600, {
    codes: ['wire', 'peer'],
    names: /message|stream/,
    corpus: [frame(new Uint8Array()), frame(new Uint8Array(1000).fill(1))],
    async read(input) {
      const stream = new Pieces();
      const read = readFrame(stream as never, 4096, new AbortController().signal);
      read.catch(() => undefined);
      await stream.play(input);
      await read;
    },
  }),
  {
    name: 'registration',
    inputs: 120,
    async prepare() {
      const key = await peerKey(new Uint8Array(32).fill(3));
      const addresses = ['/ip4/127.0.0.1/tcp/4001', '/dns4/example.org/tcp/443/wss'];
      const signed = await signRegistration(domain, { signer: account, key, addresses, sequence: 7 });
      return {
        codes: ['peer'],
        names: /registration|address book/,
        formOnly: true,
        mutators: jsonMutators,
        corpus: [new TextEncoder().encode(JSON.stringify(signed))],
        async read(input) {
          const book = createAddressBook(domain, () => true);
          await book.add(parsed(input));
        },
      };
    },
  },
  of('evidence', 500, {
    ...wire,
    names: /evidence/,
    mutators: jsonMutators,
    corpus: [
      encodeEvidence({
        kind: 'share',
        version: 1,
        chainId: 31337,
        contract: domain.contract,
        task: 3n,
        round: 2,
        culprit: account.address,
        sum: 1,
        share: hex('ab', 32),
        others: [{ member: account.address, share: hex('cd', 32) }],
      } as never),
    ],
    read: (input) => isSame(encodeEvidence(decodeEvidence(input)), input),
  }),
  of('bundle', 400, {
    ...wire,
    names: /bundle/,
    corpus: [encodeBundle([new Uint8Array(3), new Uint8Array(), new Uint8Array(40).fill(9)])],
    read: (input) => isSame(encodeBundle(decodeBundle(input, 3)), input),
  }),
  of('proposal', 400, {
    ...wire,
    names: /proposal/,
    corpus: [encodeProposal(Uint32Array.from([5, 3, 9, 0]))],
    read: (input) => decodeProposal(input, { count: 4, size: 10, round: 0 } as never),
  }),
  of('model', 400, {
    ...wire,
    names: /model/,
    corpus: [encodeModel(Float32Array.from([1, -2, 0.5, 0]))],
    read: (input) => decodeModel(input, 4),
  }),
  of('sum-file', 400, {
    ...wire,
    names: /sum/,
    corpus: [encodeSum({ coordinates: new Int32Array(96).fill(-5), blinding: [1n, 2n, 3n] })],
    read: (input) => isSame(encodeSum(decodeSum(input, 96)), input),
  }),
];

/** What JSON a text is; of no JSON the corpus's reader is asked nothing. */
const parsed = (input: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(input));
  } catch {
    return undefined;
  }
};

/** @throws where a value has two encodings. */
function isSame(again: Uint8Array, input: Uint8Array): void {
  if (Buffer.compare(again, input) !== 0) throw new Error('the value has another encoding, which was taken');
}

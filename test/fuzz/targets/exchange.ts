// What members say to each other about contents and about who is there: requests that a member serves, and answers that
// it takes from whoever is asked.
import { privateKeyToAccount } from 'viem/accounts';
import { Fetcher } from '../../../node/exchange/fetch.ts';
import { introduce, serveIntroductions } from '../../../node/exchange/introduction.ts';
import { chainOf, pieceBytes } from '../../../node/exchange/pieces.ts';
import { contentServer } from '../../../node/exchange/serve.ts';
import { decodeRequest, encodePiece, encodeRequest, encodeTail, here } from '../../../node/exchange/wire.ts';
import { createAddressBook, type OpenService, peerKey, signRegistration } from '../../../node/peer/index.ts';
import { digestOf } from '../../../node/protocol/index.ts';
import { jsonMutators } from '../mutate/json.ts';
import type { Target } from '../target.ts';

/** Of two pieces: the last one, and one before it. */
const content = Uint8Array.from({ length: pieceBytes + 100 }, (_, at) => at % 251);
const digest = digestOf(content);
const blocks = {
  sizeOf: async (of: string) => (of === digest ? content.length : undefined),
  part: async (_: string, at: number, length: number) => content.subarray(at, at + length),
};
const caller = { peer: 'a peer', account: undefined };
const never = new AbortController().signal;
/** Without a pace: what is slow is no fault here. */
const pace = { member: Number.MAX_SAFE_INTEGER, strangers: Number.MAX_SAFE_INTEGER };

/** The two answers that together are the content. */
async function answers() {
  const { states } = await chainOf(content.length, (at, length) => blocks.part(digest, at, length));
  const tail = { length: content.length, state: states[1]!, bytes: content.subarray(pieceBytes) };
  return {
    tail: encodeTail(tail),
    piece: encodePiece({ state: states[0]!, bytes: content.subarray(0, pieceBytes) }),
  };
}

/** Fetches the content from a peer that answers with one thing in place of another. */
const answered = (name: string, instead: 'tail' | 'piece'): Target => ({
  name,
  inputs: 200,
  async prepare() {
    const right = await answers();
    return {
      codes: ['store'],
      names: new RegExp(digest),
      corpus: [right[instead]],
      async read(input) {
        const ask = async (_: string, { message }: { readonly message: Uint8Array }) => {
          const { want } = decodeRequest(message);
          return want === 'have' ? here : { ...right, [instead]: input }[want];
        };
        const fetcher = new Fetcher({ ask, connected: () => [caller] });
        const got = await fetcher.fetch(digest, 2 ** 20, never);
        if (Buffer.compare(got, content) !== 0) throw new Error('another content was taken');
      },
    };
  },
});

const domain = { chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;

async function registration() {
  const signer = privateKeyToAccount(`0x${'42'.repeat(32)}`);
  const key = await peerKey(new Uint8Array(32).fill(3));
  return signRegistration(domain, { signer, key, addresses: ['/ip4/127.0.0.1/tcp/4001'], sequence: 7 });
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export const exchangeTargets: readonly Target[] = [
  {
    name: 'content-request',
    inputs: 600,
    async prepare() {
      const serve = contentServer(blocks, pace);
      return {
        codes: ['wire'],
        names: /content/,
        corpus: [
          encodeRequest({ want: 'have', digest }),
          encodeRequest({ want: 'tail', digest }),
          encodeRequest({ want: 'piece', digest, index: 0 }),
        ],
        read: (input) => serve(input, caller, never),
      };
    },
  },
  answered('content-tail', 'tail'),
  answered('content-piece', 'piece'),
  {
    name: 'introduction',
    inputs: 150,
    async prepare() {
      const signed = await registration();
      return {
        codes: ['wire', 'peer'],
        names: /introduction|registration|address book/,
        mutators: jsonMutators,
        corpus: [json(signed)],
        async read(input) {
          const served: OpenService[] = [];
          const peer = { serve: (_: string, service: OpenService) => served.push(service) };
          serveIntroductions(
            peer as never,
            createAddressBook(domain, () => true),
          );
          await served[0]!.open(input, { peer: signed.peer, account: undefined }, never);
        },
      };
    },
  },
  {
    name: 'introductions',
    inputs: 150,
    async prepare() {
      const signed = await registration();
      return {
        codes: ['wire'],
        names: /introduction/,
        mutators: jsonMutators,
        corpus: [json([signed]), json([])],
        async read(input) {
          const book = createAddressBook(domain, () => true);
          const peer = { ask: async () => input };
          await introduce({ peer: peer as never, book }, signed.peer, {
            registration: signed,
            signal: never,
          });
          for (const { account } of book.all())
            if (account !== signed.account) throw new Error('a registration that nobody signed is taken');
        },
      };
    },
  },
];

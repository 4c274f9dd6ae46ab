// Has a wallet sign, by the way that asks for the fewest signatures. What is missing the node says anew before every
// request, from the chain: so a refusal or a reload loses nothing, and nothing is sent twice.
import { signal } from '@preact/signals';
import type { Hex } from 'viem';
import { getCallsStatus, getCapabilities } from 'viem/actions';
import type { AskSigning, Signing, Transaction, WalletCall } from '../../api/wallet.ts';
import type { Fault } from '../../api/words.ts';
import { ask } from '../session.ts';
import { forgetSent, rememberSent, type Sent, sent, whileAsked } from './sent.ts';
import { type Connected, network, owner, wallet } from './wallet.ts';
import { walletFaultOf } from './wallet_fault.ts';

/**
 * How calls are signed: all at once, where the wallet announces that (EIP-5792); or in transactions, of which the
 * vault's calls are one; or each call in a transaction of its own, which every wallet can show.
 */
export type Way = 'batch' | 'together' | 'each';

/** What is signed for, as a name. */
export const subjectOf = (asked: AskSigning): string =>
  `${asked.what} ${'task' in asked ? asked.task : asked.operator}`;

/** What is being asked of the wallet. */
export const asking = signal<string | undefined>(undefined);
/** Why it is not done, by its subject. */
export const signFault = signal<{ readonly subject: string; readonly fault: Fault } | undefined>(undefined);

/** The signatures of a way. */
export const requestsOf = ({ calls, together }: Signing, way: Way): readonly (readonly WalletCall[])[] => {
  if (way === 'batch') return calls.length > 0 ? [calls] : [];
  return (way === 'together' ? together : calls).map((call) => [call]);
};

/** What is missing, from the chain. @throws NodeFault */
export const readSigning = (by: string, asked: AskSigning): Promise<Signing> =>
  ask<Signing>('POST', `/api/wallets/${by}/signing`, asked);

/** Whether a wallet announces that it signs several calls at once, all or nothing. */
export async function batches({ client }: Connected, by: string, chainId: number): Promise<boolean> {
  try {
    const told = await getCapabilities(client, { account: by as Hex, chainId });
    return ['supported', 'ready'].includes(String(told.atomic?.status));
  } catch {
    // A wallet of before EIP-5792 does not know the question.
    return false;
  }
}

/** Signs until nothing is missing. What goes wrong is the subject's fault. */
export async function sign(asked: AskSigning, way: Way): Promise<void> {
  const subject = subjectOf(asked);
  const at = wallet.value;
  const by = owner.value;
  if (asking.value !== undefined || !at || by === undefined) return;
  signFault.value = undefined;
  asking.value = subject;
  try {
    if (sent.value) await settle(at, sent.value);
    for (;;) {
      const signing = await readSigning(by, asked);
      const [next] = requestsOf(signing, way);
      if (!next) break;
      if (owner.value !== by || network.value !== signing.chainId) break;
      const asks = () => send(at, signing, next, { subject, way });
      await settle(at, await whileAsked(subject, asks));
    }
  } catch (error) {
    signFault.value = { subject, fault: walletFaultOf(error) };
  } finally {
    asking.value = undefined;
  }
}

/** Goes on with waiting for what was sent before a reload. */
export async function waitForSent(): Promise<void> {
  const at = wallet.value;
  const was = sent.value;
  if (asking.value !== undefined || !at || !was) return;
  asking.value = was.subject;
  try {
    await settle(at, was);
  } catch (error) {
    signFault.value = { subject: was.subject, fault: walletFaultOf(error) };
  } finally {
    asking.value = undefined;
  }
}

async function send(
  { client }: Connected,
  { owner: from, chainId }: Signing,
  calls: readonly WalletCall[],
  { subject, way }: { readonly subject: string; readonly way: Way },
): Promise<Sent> {
  const account = from as Hex;
  const hex = (of: bigint | number): Hex => `0x${of.toString(16)}`;
  const plain = calls.map(({ to, data, value }) => ({
    to: to as Hex,
    ...(data !== '0x' && { data: data as Hex }),
    value: hex(BigInt(value)),
  }));
  // The library's own functions for these two bring whole signers along, which a wallet has.
  if (way === 'batch') {
    const { id } = await client.request({
      method: 'wallet_sendCalls',
      params: [
        { version: '2.0.0', from: account, chainId: hex(chainId), calls: plain, atomicRequired: true },
      ],
    });
    return rememberSent({ subject, kind: 'calls', id, owner: from });
  }
  const id = await client.request({
    method: 'eth_sendTransaction',
    params: [{ from: account, ...plain[0]!, chainId: hex(chainId) }],
  });
  return rememberSent({ subject, kind: 'transaction', id, owner: from });
}

/** Milliseconds between two looks. */
const pause = 500;
const later = () => new Promise((resolve) => setTimeout(resolve, pause));

/** Resolves once the node's own chain has what was sent. @throws Error where it failed there */
async function settle({ client }: Connected, was: Sent): Promise<void> {
  let hashes: readonly string[] = [was.id];
  if (was.kind === 'calls')
    for (;;) {
      if (sent.value?.id !== was.id) return;
      const { status, statusCode, receipts } = await getCallsStatus(client, { id: was.id });
      if (status === 'failure') {
        forgetSent();
        throw new Error(`what was signed failed, with status ${statusCode}; nothing of it is done`);
      }
      hashes = receipts?.map(({ transactionHash }) => transactionHash) ?? [];
      if (status === 'success') break;
      await later();
    }
  for (const hash of hashes)
    for (;;) {
      if (sent.value?.id !== was.id) return;
      const { state } = await ask<Transaction>('GET', `/api/transactions/${hash}`);
      if (state === 'success') break;
      if (state === 'reverted') {
        forgetSent();
        throw new Error(`transaction ${hash} failed on the chain; nothing of it is done`);
      }
      await later();
    }
  forgetSent();
}

// What a wallet says against a request, as a fault with its mend.
import { BaseError } from 'viem';
import type { Fault } from '../../api/words.ts';
import { NodeFault } from '../session.ts';
import { UntoldChain } from './chain_of.ts';

/** EIP-1193, EIP-3085 and JSON-RPC, by number. */
const words: Readonly<Record<number, Omit<Fault, 'code'>>> = {
  4001: { message: 'It was refused in the wallet.', mend: 'Nothing is lost: try again whenever you like.' },
  4100: { message: 'The wallet does not let this page use the account.', mend: 'Connect it again.' },
  4900: { message: 'The wallet is not connected to any chain.', mend: 'See what it says, and try again.' },
  4901: { message: 'The wallet is not connected to this chain.', mend: 'See what it says, and try again.' },
  [-32002]: { message: 'The wallet asks already.', mend: 'Open its window, and answer there.' },
  5730: {
    message: 'The wallet has lost what was sent.',
    mend: 'Try again: what is done already is not asked for.',
  },
  5750: {
    message: 'The wallet could sign all at once, but its account has to be upgraded, and that was refused.',
    mend: 'Allow it there, or choose to sign one after the other.',
  },
};

export function walletFaultOf(error: unknown): Fault {
  if (error instanceof NodeFault) return error.fault;
  if (error instanceof UntoldChain)
    return {
      code: 'wallet',
      message: error.message,
      mend: `Add chain ${error.id} in the wallet yourself, with an address of your own.`,
    };
  const known = words[codeOf(error) ?? 0];
  if (known) return { code: 'wallet', ...known };
  return {
    code: 'wallet',
    message: `The wallet says: ${sayOf(error)}`,
    mend: 'Nothing is lost: mend it there, and try again.',
  };
}

/** The innermost number: a library puts its own around it. */
function codeOf(error: unknown): number | undefined {
  let code: number | undefined;
  for (let at = error; at instanceof Object; at = (at as { cause?: unknown }).cause) {
    const said = (at as { code?: unknown }).code;
    if (typeof said === 'number') code = said;
  }
  return code;
}

const longest = 300;
function sayOf(error: unknown): string {
  const text =
    error instanceof BaseError
      ? error.details || error.shortMessage
      : String((error as { message?: unknown } | undefined)?.message ?? error);
  return text.replaceAll(/\p{C}/gu, ' ').slice(0, longest);
}

/** Whether a wallet does not know a chain (EIP-3326). */
export const isUnknownChain = (error: unknown): boolean => codeOf(error) === 4902;

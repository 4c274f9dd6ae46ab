// A wallet of a browser, for tests: it announces itself to the page by EIP-6963, holds keys outside of the page, and
// does on a real chain what it is asked for, or refuses. test_wallet.js runs in the page; all else here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import {
  type Address,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  type PrivateKeyAccount,
} from 'viem';

/** What a test sets of a wallet. */
export interface TestWalletSettings {
  readonly name: string;
  readonly url: string;
  readonly accounts: readonly PrivateKeyAccount[];
  /** The network that it begins on; it knows no other but the chain's, once that is added. */
  readonly network: number;
  /** Whether it signs several calls at once (EIP-5792). Its account is an ordinary one, so it sends them in a row. */
  readonly batches: boolean;
}

/** Each a window of the wallet that a person sees. */
const windows = [
  'eth_requestAccounts',
  'eth_sendTransaction',
  'eth_signTypedData_v4',
  'wallet_sendCalls',
  'wallet_addEthereumChain',
];

const script = readFileSync(join(import.meta.dirname, 'test_wallet.js'), 'utf8');

class WalletError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

interface Call {
  readonly to: Address;
  readonly data?: Hex;
  readonly value?: Hex;
}

export class TestWallet {
  readonly settings: TestWalletSettings;
  /** What a person was asked, in order. */
  readonly asked: string[] = [];
  /** Which of the next windows is answered with no, from 1; 0: none. */
  refuses = 0;
  #held: { readonly opened: () => void; readonly answered: Promise<void> } | undefined;
  #network: number;
  #known: number[];
  #at = 0;
  #isAllowed = false;
  readonly #calls = new Map<string, Hex[]>();

  constructor(settings: TestWalletSettings) {
    this.settings = settings;
    this.#network = settings.network;
    this.#known = [settings.network];
  }
  get account(): PrivateKeyAccount {
    return this.settings.accounts[this.#at]!;
  }

  /** Puts it into every page of a context, before the page's own scripts. */
  async install(context: BrowserContext): Promise<void> {
    const { name } = this.settings;
    const bound = `wallet_${name.replaceAll(/\W/g, '')}`;
    await context.exposeFunction(bound, async (method: string, params: unknown[] = []) => {
      try {
        return { result: await this.#answer(method, params) };
      } catch (error) {
        const { code = -32603, message } = error as WalletError;
        return { error: { code, message } };
      }
    });
    const content = script
      .replaceAll('NAME', JSON.stringify(name))
      .replaceAll('BOUND', JSON.stringify(bound));
    await context.addInitScript({ content });
  }

  /** Another account of it, as a person chooses it in its window. */
  async switchTo(at: number, page: Page): Promise<void> {
    this.#at = at;
    await this.#tell(page, 'accountsChanged', [this.account.address]);
  }
  /** The next window waits until somebody answers in it. */
  hold(): { readonly opened: Promise<void>; answer(): void } {
    const opened = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    this.#held = { opened: opened.resolve, answered: answered.promise };
    return { opened: opened.promise, answer: answered.resolve };
  }
  async #tell(page: Page, event: string, value: unknown): Promise<void> {
    const detail = JSON.stringify({ name: this.settings.name, event, value });
    await page.evaluate(`dispatchEvent(new CustomEvent('test-wallet', { detail: ${detail} }))`);
  }

  async #answer(method: string, params: readonly unknown[]): Promise<unknown> {
    if (windows.includes(method)) {
      this.asked.push(method);
      const held = this.#held;
      this.#held = undefined;
      held?.opened();
      await held?.answered;
      if (this.refuses > 0 && --this.refuses === 0) throw new WalletError(4001, 'User rejected the request.');
    }
    const [first] = params as [{ chainId: Hex; calls: Call[] } & Call];
    switch (method) {
      case 'eth_accounts':
        return this.#isAllowed ? [this.account.address] : [];
      case 'eth_requestAccounts':
        this.#isAllowed = true;
        return [this.account.address];
      case 'eth_chainId':
        return `0x${this.#network.toString(16)}`;
      case 'wallet_switchEthereumChain': {
        const id = Number(first.chainId);
        if (!this.#known.includes(id)) throw new WalletError(4902, 'Unrecognized chain ID.');
        this.#network = id;
        return null;
      }
      case 'wallet_addEthereumChain':
        this.#known.push(Number(first.chainId));
        return null;
      case 'eth_sendTransaction':
        return this.#send(first);
      case 'eth_signTypedData_v4': {
        const [account, text] = params as [string, string];
        if (account !== this.account.address) throw new WalletError(4100, 'Not this account.');
        return this.account.signTypedData(
          JSON.parse(text) as Parameters<PrivateKeyAccount['signTypedData']>[0],
        );
      }
      case 'wallet_getCapabilities':
        if (!this.settings.batches) break;
        return { [`0x${this.#network.toString(16)}`]: { atomic: { status: 'supported' } } };
      case 'wallet_sendCalls': {
        if (!this.settings.batches) break;
        const id = `0x${(this.#calls.size + 1).toString(16).padStart(64, '0')}`;
        const hashes: Hex[] = [];
        for (const call of first.calls) hashes.push(await this.#send(call));
        this.#calls.set(id, hashes);
        return { id };
      }
      case 'wallet_getCallsStatus':
        return this.#statusOf(params[0] as string);
    }
    throw new WalletError(4200, `${method} is not supported.`);
  }

  #chain() {
    const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 };
    const rpcUrls = { default: { http: [this.settings.url] } };
    return defineChain({ id: this.#network, name: 'test', nativeCurrency, rpcUrls });
  }
  async #send({ to, data = '0x', value = '0x0' }: Call): Promise<Hex> {
    const transport = http(this.settings.url);
    const client = createWalletClient({ account: this.account, chain: this.#chain(), transport });
    const hash = await client.sendTransaction({ to, data, value: BigInt(value) });
    await createPublicClient({ transport }).waitForTransactionReceipt({ hash, pollingInterval: 50 });
    return hash;
  }
  async #statusOf(id: string) {
    const client = createPublicClient({ transport: http(this.settings.url) });
    const receipts = await Promise.all(
      this.#calls
        .get(id)!
        .map((hash) => client.request({ method: 'eth_getTransactionReceipt', params: [hash] })),
    );
    return {
      version: '2.0.0',
      id,
      chainId: `0x${this.#network.toString(16)}`,
      status: 200,
      atomic: true,
      receipts,
    };
  }
}

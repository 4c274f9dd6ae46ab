// The way out of a network whose only one is a proxy: the chain's node, kubo, a prover service and websockets of peers
// are reached through what the environment names. Plain TCP is not: no proxy for HTTP carries it.
import { setGlobalProxyFromEnv } from 'node:http';
import { NodeError } from '../../errors.ts';

const named = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'] as const;
const exempt = ['NO_PROXY', 'no_proxy'] as const;
/** This machine itself is never behind a proxy. */
const here = 'localhost,127.0.0.1,::1';

/**
 * Sends requests and websockets through the proxy of the environment, if it names one; hosts in `NO_PROXY` and this
 * machine excepted.
 *
 * @returns what takes this back.
 * @throws NodeError `input` for an address that is none.
 */
export function useProxy(env: Readonly<Record<string, string | undefined>>): () => void {
  if (named.every((name) => !env[name])) return () => undefined;
  const without = exempt.map((name) => env[name]).find((hosts) => hosts);
  const hosts = without ? `${without},${here}` : here;
  try {
    return setGlobalProxyFromEnv({ ...env, NO_PROXY: hosts, no_proxy: hosts });
  } catch (cause) {
    const set = named.filter((name) => env[name]).join(', ');
    throw new NodeError('input', `${set} is no address of a proxy, but it must be`, {
      mend: 'Such as http://proxy.example:3128.',
      cause,
    });
  }
}

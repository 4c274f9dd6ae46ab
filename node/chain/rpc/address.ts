// Where a chain's nodes answer. Providers put keys into addresses, in the path, the query or before the host: what
// is shown of an address is its scheme and host alone.

/** One node. */
export interface RpcAddress {
  /** Without user and password. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Scheme and host, for people. */
  readonly name: string;
}

/** The nodes of a setting, with commas between, in the order in which they are asked. */
export const rpcAddresses = (setting: string): RpcAddress[] => setting.split(',').map(addressOf);

/** A setting as it may be shown. */
export const shownRpc = (setting: string): string =>
  rpcAddresses(setting)
    .map(({ name }) => name)
    .join(', ');

function addressOf(text: string): RpcAddress {
  const url = new URL(text.trim());
  const name = `${url.protocol}//${url.host}`;
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers: Record<string, string> =
    username || password ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {};
  return { url: url.href, headers, name };
}

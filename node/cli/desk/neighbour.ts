// Whose program speaks to the desk. The loopback interface belongs to all users of a machine; under Linux the kernel
// says of which of them each connection is.
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Where the kernel lists connections over IPv4. */
const connections = '/proc/net/tcp';

/** An address as the kernel writes it: four bytes, the last one first, and the port. */
const named = (address: string, port: number): string => {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `${bytes.reverse().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
};

/** The user at the other end of a connection on this machine; undefined where the kernel does not list it. */
export async function userOf(
  { remoteAddress, remotePort, localAddress, localPort }: Socket,
  file = connections,
): Promise<number | undefined> {
  if (remoteAddress === undefined || localAddress === undefined) return undefined;
  // Seen from the other end, remote is local.
  const ends = `${named(remoteAddress, remotePort!)} ${named(localAddress, localPort!)}`;
  for (const line of (await readFile(file, 'latin1')).split('\n')) {
    const [, local, remote, , , , , user] = line.trim().split(/\s+/);
    if (`${local} ${remote}` === ends) return Number(user);
  }
  return undefined;
}

/**
 * Whether a connection is of whoever runs the desk, or of the administrator. Each is looked at once. True on systems
 * whose kernel does not tell.
 */
export function createOwnUser(userAt = userOf): (socket: Socket) => Promise<boolean> {
  const known = new WeakMap<Socket, Promise<boolean>>();
  const look = async (socket: Socket) => {
    if (process.platform !== 'linux') return true;
    const user = await userAt(socket);
    return user === 0 || user === process.getuid!();
  };
  return (socket) => {
    const found = known.get(socket) ?? look(socket);
    known.set(socket, found);
    return found;
  };
}

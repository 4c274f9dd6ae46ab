// Shows a page in the browser of whoever sits here.
import { spawn } from 'node:child_process';

/** By system, the program that opens a link in the user's browser. */
const openers: Partial<Record<NodeJS.Platform, readonly [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a link. Where there is no browser, the link that was printed remains. */
export function showPage(link: string): void {
  const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...words, link], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

// Files of the node for who wants to keep them: asked for in this session, so a plain link would not do.
import { request } from './session.ts';

/** Hands a file over to the browser, to be kept under its name. @throws NodeFault */
export async function download(path: string, name: string): Promise<void> {
  const blob = await (await request('GET', path)).blob();
  keep(blob, name);
}

/** Hands bytes over to the browser. */
export function keep(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

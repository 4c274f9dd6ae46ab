/** The small part of ffjavascript that the tests use. */
declare module 'ffjavascript' {
  export function buildBn128(singleThread: boolean): Promise<{ terminate(): Promise<void> }>;
}

/**
 * A key, manifest or circuit file that must not be used; the message names the file, the fault and the mend.
 */
export class KeyError extends Error {
  override name = 'KeyError';
}

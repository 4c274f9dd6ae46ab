// What a call to this machine's disk failed at, typed where it arises: whether it passes, and what mends it.
import { NodeError, type Prospect } from '../errors.ts';

/** By the system's code, what is wrong with a path, and how to mend it. */
const faults: Readonly<Record<string, readonly [wrong: string, mend: string]>> = {
  ENOSPC: ['there is no space left on its disk', 'Free some space.'],
  EDQUOT: ['the quota of its disk is used up', 'Free some space, or raise the quota.'],
  EACCES: ['this user may not use it', 'Give this user access.'],
  EPERM: ['this user may not use it', 'Give this user access.'],
  EROFS: ['its disk is mounted for reading only', 'Mount it for writing, or choose another place.'],
  EMFILE: ['this process has too many files open', 'Raise the limit of open files: ulimit -n.'],
  EIO: ['its disk fails', 'Look at the disk, and at the log of the system.'],
};

/** Faults of the path itself: waiting mends nothing. */
const ofThePath: ReadonlySet<string> = new Set(['ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL']);

/**
 * A failed call to the disk as NodeError `state`: it passes once the disk is mended, which needs no new start. Any other
 * error as it is.
 * @param path of the file or folder.
 */
export function diskFault(path: string, cause: unknown): unknown {
  if (cause instanceof NodeError || !(cause instanceof Error) || !('syscall' in cause)) return cause;
  const { code = '' } = cause as NodeJS.ErrnoException;
  const [wrong, mend] = faults[code] ?? [cause.message];
  const prospect: Prospect = ofThePath.has(code) ? 'unknown' : 'passing';
  return new NodeError('state', `${path}: ${wrong}`, {
    ...(mend !== undefined && { mend }),
    cause,
    prospect,
  });
}

// The audits of a desk: each is made once at a time, and lies in a folder of its task with its certificate.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Audit, auditFileNames } from '@murmuration/desk';
import { type Audited, type Auditor, auditFiles, verifyAudit, writeAudit } from '../../../audit/index.ts';
import { Refusal } from '../../../http/index.ts';
import { type Fault, faultOf } from '../../output/fault.ts';
import { auditView } from './audit_view.ts';

export interface AuditsSettings {
  /** Where the audits of the place lie, a folder a task. */
  readonly folder: string;
  readonly auditor: Auditor;
  /** Audits a task, as `murmur audit` does. */
  readonly audit: (task: bigint, say: (text: string) => void) => Promise<Pick<Audited, 'report'>>;
  /** Hears that an audit stands otherwise than before. */
  readonly changed: () => void;
}

/** The audits of a desk. */
export interface AuditBook {
  /** How a task's audit stands; one that was altered since is a fault. */
  look(task: string): Promise<Audit>;
  /** Begins an audit behind the answer; what comes of it takes the place of the one before. @throws Refusal `not-ready` */
  begin(task: string): void;
  /** @throws Refusal `not-found` where the task has no audit */
  file(task: string, name: (typeof auditFileNames)[number]): Promise<Buffer>;
  /** Resolves once none is at work. */
  close(): Promise<void>;
}

/** One audit in this process. */
interface Work {
  says: string;
  fault?: Fault;
  over?: Promise<void>;
}

export function openAudits({ folder, auditor, audit, changed }: AuditsSettings): AuditBook {
  const works = new Map<string, Work>();
  const folderOf = (task: string) => join(folder, task);

  async function make(task: string, work: Work): Promise<void> {
    const { report } = await audit(BigInt(task), (text) => {
      work.says = text;
      changed();
    });
    await writeAudit(folderOf(task), report, auditor);
  }

  /** What lies there, if anything does: the certificate is written last, so what it vouches for is whole. */
  async function kept(task: string): Promise<Pick<Audit, 'report' | 'fault'>> {
    if (!existsSync(join(folderOf(task), auditFiles.certificate))) return {};
    try {
      const { certificate, report } = await verifyAudit(folderOf(task));
      return { report: auditView(report, certificate.issuer) };
    } catch (error) {
      return { fault: faultOf(error) };
    }
  }

  return {
    async look(task) {
      const work = works.get(task);
      if (work?.over) return { task, state: 'working', says: work.says };
      if (work?.fault) return { task, state: 'failed', says: work.says, fault: work.fault };
      const { report, fault } = await kept(task);
      if (fault) return { task, state: 'failed', says: 'the audit that was made does not hold', fault };
      return report ? { task, state: 'done', says: 'done', report } : { task, state: 'none', says: '' };
    },
    begin(task) {
      // An audit keeps both cores busy, and the roles that work here have deadlines.
      const busy = [...works].find(([, { over }]) => over);
      if (busy)
        throw new Refusal('not-ready', `task ${busy[0]} is being audited`, {
          mend: 'Wait until it is done.',
        });
      const work: Work = { says: 'begins' };
      works.set(task, work);
      work.over = make(task, work)
        .catch((error: unknown) => {
          work.fault = faultOf(error);
        })
        .finally(() => {
          delete work.over;
          changed();
        });
      changed();
    },
    async file(task, name) {
      const { report } = await this.look(task);
      if (!report) throw new Refusal('not-found', `task ${task} has no audit here`, { mend: 'Make one.' });
      return readFile(join(folderOf(task), name));
    },
    async close() {
      await Promise.all([...works.values()].map(({ over }) => over));
    },
  };
}

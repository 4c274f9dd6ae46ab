// The work of `murmur audit verify`.
import { compareContents, verifyAudit } from '../../../audit/index.ts';
import { NodeError } from '../../../errors.ts';
import { createFolderStore } from '../../../store/index.ts';
import { print } from '../../output/format.ts';

/** Settings of `audit verify`. */
interface VerifySettings {
  readonly out: string;
  readonly issuer?: string;
  readonly contents?: readonly string[];
  readonly json: boolean;
}

/**
 * `audit verify`: rejects, naming what is wrong, where certificate, report, page or a content was altered.
 */
export async function verify({ out, issuer, contents = [], json }: VerifySettings): Promise<void> {
  const { certificate, report } = await verifyAudit(out, issuer);
  const compared = [];
  for (const folder of contents) {
    const store = createFolderStore(folder);
    await store.start();
    const { altered, ...counts } = await compareContents(report, store);
    await store.stop();
    if (altered.length > 0)
      throw new NodeError('audit', `${folder} has other bytes than the audit read: ${altered.join(', ')}`);
    compared.push({ folder, ...counts });
  }
  const { id, outcome, passed, failed, unchecked } = certificate.credentialSubject;
  const text = [
    `the certificate holds: signed by ${certificate.issuer} on ${certificate.validFrom}`,
    `  ${id}: ${outcome}; ${passed} checks hold, ${failed} fail, ${unchecked} could not be made`,
    ...compared.map(
      ({ folder, same, missing }) => `  ${folder}: ${same} contents are those, ${missing} are not there`,
    ),
    ...(issuer === undefined ? ['  whose key that is only its owner can tell you: --issuer compares'] : []),
  ];
  print(
    json,
    { holds: true, issuer: certificate.issuer, ...certificate.credentialSubject, contents: compared },
    text.join('\n'),
  );
}

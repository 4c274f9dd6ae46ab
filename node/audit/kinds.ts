// What an audit looks at, kind by kind, in the words of its report: what each check is, and how it was made.

/** One kind of check. */
export interface KindWords {
  /** What was looked at. */
  readonly title: string;
  /** How. */
  readonly method: string;
}

/** Every kind of check, in the order of the report. */
export const checkKinds = {
  deployment: {
    title: 'Code, wiring and proof keys of the contracts',
    method:
      'The code at each address, and the transaction that created it, are compared byte for ' +
      'byte with what this version of the software would have deployed; the keys by which ' +
      'proofs are judged, with the keys given to this audit.',
  },
  block: {
    title: 'Blocks and their contents',
    method:
      'The hash of each block that concerns the task is computed again from its header, its ' +
      'transactions and its receipts, and each transaction’s signature gives its sender: no ' +
      'byte of a call or of a log can be another than the chain’s.',
  },
  content: {
    title: 'Contents of the store',
    method: 'Every content is hashed (SHA-256) and compared with the digest that the chain names.',
  },
  task: {
    title: 'Terms of the task',
    method:
      'What the planner posted is read again from its transaction; the description and the ' +
      'first model are those whose digests it names, and description and terms agree.',
  },
  membership: {
    title: 'Members, stake and draw',
    method:
      'Each application, withdrawal and draw is computed again from the calls and the block’s randomness.',
  },
  registration: {
    title: 'Registrations of keys',
    method: 'Each registration’s signature is recovered and must be that of the account it names.',
  },
  key: {
    title: 'The common encryption key',
    method:
      'The key is formed again from the trainers’ key shares, whose proofs are verified, and ' +
      'compared with the key that the trainers confirmed on chain; their test that they can ' +
      'decrypt with it is opened again.',
  },
  round: {
    title: 'Course of the rounds',
    method:
      'Who may act when, which phase follows which and when, how groups are drawn: every event ' +
      'of the contracts is computed again from the call that made it, and compared byte for ' +
      'byte.',
  },
  proposal: {
    title: 'Proposals of coordinates',
    method: 'Each proposal is read, and the coordinates of the round are merged from them again.',
  },
  updateProof: {
    title: 'Proofs of updates and probes',
    method:
      'Each zero-knowledge proof (Groth16) and each opening of a commitment (KZG) is verified ' +
      'again, against a challenge computed here from the call; what the contract refused must ' +
      'be false here too.',
  },
  encryption: {
    title: 'Encrypted updates and their proofs',
    method:
      'Each ciphertext’s proof that it is a fresh encryption made by its sender for this round ' +
      'is verified again.',
  },
  sumProof: {
    title: 'Proofs of sums',
    method:
      'The commitments of the accepted updates are added again; each proof that a published sum ' +
      'is the sum inside them is verified again.',
  },
  sum: {
    title: 'Published sums',
    method:
      'Each published sum is held against the added commitments; the ciphertexts are added ' +
      'again and opened from the decryption shares, where these are there.',
  },
  model: {
    title: 'Versions of the model',
    method:
      'Each version is computed again, parameter by parameter, from the one before it and the round’s sum.',
  },
  references: {
    title: 'What updates are measured against',
    method: 'The references that the validators voted for are computed again from the opened sums.',
  },
  vote: {
    title: 'Votes and their count',
    method: 'Each vote opens the commitment made before it; median, majority and outcome are counted again.',
  },
  alignmentProof: {
    title: 'Proofs of alignment',
    method: 'Each proof of how far an update points where the validators’ data want it is verified again.',
  },
  settlement: {
    title: 'Scores and strikes',
    method: 'Scores, weights, strikes and the next scale are computed again from the proven figures.',
  },
  money: {
    title: 'Payments, fees and slashes',
    method: 'Every amount that the task moved is computed again from its terms and from what happened.',
  },
  exclusion: {
    title: 'Exclusions',
    method:
      'The votes are counted again by stake; what was excluded is fetched and its proof ' +
      'verified, where it is there. Whom sums that stayed closed made suspect, and whom the next ' +
      'rounds left out, follows again from the sums and the draws.',
  },
  dispute: {
    title: 'Disputes',
    method: 'The signatures of the quorum are counted again by stake; the evidence is judged again.',
  },
  announcement: {
    title: 'Announcements of members',
    method: 'Each announcement is compared with the transaction that made it.',
  },
} as const satisfies Readonly<Record<string, KindWords>>;

/** A kind of check. */
export type CheckKind = keyof typeof checkKinds;
/** Their names, in order. */
export const checkKindNames = Object.keys(checkKinds) as readonly CheckKind[];

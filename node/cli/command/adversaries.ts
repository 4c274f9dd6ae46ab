// The adversaries of the demonstration as help shows them. The names are written out here: asking for help must not
// load the roles. A test compares them.

/** What each of them does. */
export const adversaryLines = {
  noise: 'trainer: sends a random direction',
  opposite: 'trainer: sends its honest change backwards',
  'label-flip': 'trainer: trains on labels that are all wrong',
  backdoor: 'trainer: trains a trigger into the model',
  'replay-aggregate': 'trainer: sends how the last round moved the model',
  'replay-probe': 'trainer: sends what the opened probes said before',
  'garbage-proof': 'trainer: its proofs are of another evaluation',
  'stolen-proof': "trainer: sends another trainer's update as its own",
  'bad-ciphertext': 'trainer: shows a ciphertext whose encryption proof fails',
  'other-vector': 'trainer: encrypts another vector than it commits to',
  'bad-share': 'trainer: gives wrong decryption shares',
  'lying-hop': 'trainer: adds something else around the ring, and signs it',
  silent: 'trainer: makes the key with the others, then does nothing',
  'withhold-key': 'trainer: registers its key share, and shows it to nobody',
  'withhold-ciphertext': 'trainer: shows its ciphertext to nobody',
  'withhold-proposal': 'validator: shows its proposal of coordinates to nobody',
  'withhold-sum': 'prover: shows the sum that it has proven to nobody',
  'wrong-sum': 'prover: names another sum, before anybody proves the right one',
  'lazy-vote': 'validator: votes without looking at the model',
  'biased-probe': 'validator: its probe points away from what its data want',
  'empty-support': 'validator: proposes one coordinate, to read the updates there',
  spam: 'prover: posts 100,000 digests that mean nothing on the bulletin',
} as const;

/** Their names. */
export const adversaryNames = Object.keys(adversaryLines) as (keyof typeof adversaryLines)[];

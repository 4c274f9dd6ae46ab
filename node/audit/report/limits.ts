// What no audit can check, in the words of its report.

/** Each of them is in every report. */
export const limits: readonly string[] = [
  'Whether the data that trainers and validators used are true, lawful or well labelled: no ' +
    'data ever left their owners, and none was looked at.',
  'Whether a validator’s accuracy is that of its own held-back data: it is what the validator ' +
    'stated, before it could see the others’.',
  'What single updates contain: they stay encrypted. What is proven of each is its form, its ' +
    'size and its place in the sum.',
  'Whose ciphertext keeps a sum closed that passes every other check: rounds leave out whom most ' +
    'speaks against, and the table of parties says how much, but that is no proof.',
  'What members sent each other directly, around the ring and while they made the common key: ' +
    'only what reached the chain or the store can be read again.',
  'The shares of the common key that trainers dealt each other: they are sealed. That they are ' +
    'right shows in the trainers’ test of the key, which is opened again.',
  'Whether the statistics by which a task scales its columns are those of the trainers’ rows: ' +
    'their sum alone is ever opened.',
  'Which of two blocks of the same number is the chain’s own: the report lists the hash of ' +
    'every block, to be compared with any other node of the chain.',
  'Whether the chain left a call out: it orders and keeps its own transactions, and an audit ' +
    'reads what it kept.',
];

// After the training, on the same chain: the score is published, three people who nobody has learnt from borrow by it, cheats are refused,
// and a stranger finds where the score comes from.
export { lending } from './play.ts';

// The live view of a local federation: a table that redraws itself on a terminal, one line an event
// elsewhere.

/** One trainer as the view shows it. Amounts in whole tokens. */
export interface TrainerLine {
  readonly name: string;
  readonly kind: string;
  readonly stake: number;
  readonly strikes: number;
  readonly reward: number;
  readonly cosine: number | undefined;
  readonly ejected: boolean;
}

/** A figure of the model, by round. */
export interface Curve {
  /** 16 characters at most. */
  readonly name: string;
  /** Of the model after each round that has ended, in [0, 1]. */
  readonly values: readonly number[];
  shown(value: number): string;
}

/** A federation at one moment. */
export interface Snapshot {
  readonly round: number;
  readonly rounds: number;
  readonly phase: string;
  readonly curves: readonly Curve[];
  readonly proofs: Readonly<Record<string, { count: number; milliseconds: number }>>;
  readonly trainers: readonly TrainerLine[];
}

/** Where a run is shown. */
export interface View {
  /** Shows an event, as a line or as the table's last line. */
  say(text: string): void;
  update(snapshot: Snapshot): void;
  /** Leaves the last picture standing; to be called however the run ends. */
  close(): void;
}

const bars = '▁▂▃▄▅▆▇█';
const bar = (share: number) => bars[Math.min(7, Math.max(0, Math.floor(share * 8)))];
const endedOf = ({ curves }: Snapshot): number => curves[0]?.values.length ?? 0;

/** The view that fits the output. */
export function createView(out: NodeJS.WriteStream): View {
  const started = performance.now();
  const clock = () => `${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s`;
  return out.isTTY ? terminalView(out, clock) : lineView(out, clock);
}

function lineView(out: NodeJS.WriteStream, clock: () => string): View {
  let last: Snapshot | undefined;
  return {
    say: (text) => void out.write(`${clock()}  ${text}\n`),
    update(snapshot) {
      if (last?.round !== snapshot.round || last.phase !== snapshot.phase)
        out.write(`${clock()}  ${where(snapshot)}: ${snapshot.phase}\n`);
      if (last && endedOf(last) < endedOf(snapshot)) out.write(`${picture(snapshot, '').join('\n')}\n`);
      last = snapshot;
    },
    close() {},
  };
}

/** Milliseconds between two looks at the clock. */
const tick = 1000;

function terminalView(out: NodeJS.WriteStream, clock: () => string): View {
  let lines = 0;
  let snapshot: Snapshot | undefined;
  let said = '';
  function draw() {
    const shown = snapshot
      ? [`${clock()}  ${where(snapshot)}  ${snapshot.phase}`, ...picture(snapshot, said)]
      : [`${clock()}  ${said}`];
    const width = Math.max(20, (out.columns ?? 80) - 1);
    out.write(
      `${lines > 0 ? `\x1b[${lines}A` : ''}\x1b[0J${shown.map((line) => line.slice(0, width)).join('\n')}\n`,
    );
    lines = shown.length;
  }
  // Some steps of a first run last a minute without a word: a clock that stands still looks like a fault.
  const ticking = setInterval(draw, tick).unref();
  return {
    say(text) {
      said = text;
      draw();
    },
    update(next) {
      snapshot = next;
      draw();
    },
    close() {
      clearInterval(ticking);
      draw();
    },
  };
}

/** Rounds count from 1; before the first one the key is made. */
const where = ({ round, rounds }: Snapshot): string =>
  round === 0 ? `before round 1 of ${rounds}` : `round ${round} of ${rounds}`;

/** In the order of a round. */
const statements = ['update', 'probe', 'aggregate', 'alignment'];

/** The table of a snapshot, as lines of at most 79 columns. */
function picture({ curves, proofs, trainers }: Snapshot, said: string): string[] {
  const kinds = statements.filter((kind) => proofs[kind]);
  const cells = (of: (kind: string) => string) => kinds.map((kind) => of(kind).padStart(11)).join('');
  const seconds = (kind: string) => proofs[kind]!.milliseconds / 1000 / proofs[kind]!.count;
  return [
    '',
    ...curves.map((curve) => `  ${curve.name.padEnd(17)}${drawn(curve)}`),
    `  proofs         ${cells((kind) => kind) || '  none yet'}`,
    `    made         ${cells((kind) => `${proofs[kind]!.count}`)}`,
    `    seconds each ${cells((kind) => seconds(kind).toFixed(1))}`,
    '',
    row(['trainer', 'kind', 'stake', 'strikes', 'reward', 'cosine']),
    ...trainers.map(
      ({ name, kind, stake, strikes, reward, cosine, ejected }) =>
        row([name, kind, stake.toFixed(2), String(strikes), reward.toFixed(2), cosine?.toFixed(2) ?? '–']) +
        (ejected ? '  ejected' : ''),
    ),
    ...(said ? ['', `  ${said}`] : []),
  ];
}

/** The last of the values, and all of them as bars. */
const drawn = ({ values, shown }: Curve): string =>
  `${(values.length === 0 ? '–' : shown(values.at(-1)!)).padStart(7)}  ${values.map(bar).join('')}`;

/** Name and kind to the left, four figures to the right. */
const row = ([name, kind, ...figures]: readonly [string, string, string, string, string, string]): string =>
  `  ${name.padEnd(12)}${kind.padEnd(14)}${figures.map((figure) => figure.padStart(9)).join('')}`;

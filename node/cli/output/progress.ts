// One line of progress for long work: overwritten on a terminal, one line a change elsewhere.

/** Shows `text` with the seconds since the start. */
export interface Progress {
  show(text: string): void;
  /** Ends the line. */
  done(text: string): void;
}

export function progress(out: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now();
  let last = '';
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s`;
  return {
    show(text) {
      if (text === last) return;
      last = text;
      out.write(out.isTTY ? `\r\x1b[2K${seconds()}  ${text}` : `${seconds()}  ${text}\n`);
    },
    done(text) {
      out.write(out.isTTY ? `\r\x1b[2K${seconds()}  ${text}\n` : `${seconds()}  ${text}\n`);
    },
  };
}

// What a host gets to see, said before anything is given; and what would change that.
export function HostWarning() {
  return (
    <section class="notice" aria-label="What the host sees">
      <b>The host sees your rows, every one of them.</b> Nothing here hides them from it: it can keep a copy,
      and give it away. Take one that you would send the file to. It cannot get at your stake and rewards, and
      it can lose stake of yours, by training badly or not at all: bond no more than the task needs.
      <details>
        <summary>What an attestation would change</summary>
        <p>
          A confidential machine (AMD SEV-SNP, Intel TDX) can sign which program it started, in a memory that
          its owner cannot read. With the file sealed to such a program alone, the host’s operator would no
          longer see the rows; one would trust the processor’s maker and the program instead. Murmuration does
          not have that yet: no host can show it, so assume that yours reads along.
        </p>
      </details>
    </section>
  );
}

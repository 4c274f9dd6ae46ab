// What a wallet is to sign, in words, how many signatures that takes, and the button.
import { useEffect, useState } from 'preact/hooks';
import type { AskSigning, Signing } from '../../api/wallet.ts';
import type { Fault } from '../../api/words.ts';
import { plural } from '../format.ts';
import { faultOf } from '../session.ts';
import { market } from '../state.ts';
import { askedBefore, forgetAsked, forgetSent, sent } from '../wallet/sent.ts';
import {
  asking,
  batches,
  readSigning,
  requestsOf,
  sign,
  signFault,
  subjectOf,
  type Way,
  waitForSent,
} from '../wallet/sign.ts';
import { isOnChain, owner, wallet } from '../wallet/wallet.ts';
import { Notice } from './notice.tsx';

interface Props {
  readonly asked: AskSigning;
  /** Comes to an end, once nothing is missing. */
  readonly done?: () => void;
}

export function SignPanel({ asked, done }: Props) {
  const subject = subjectOf(asked);
  const [signing, setSigning] = useState<Signing>();
  const [fault, setFault] = useState<Fault>();
  const [canBatch, setCanBatch] = useState(false);
  const [single, setSingle] = useState(false);
  const at = wallet.value;
  const by = owner.value;
  const ready = at !== undefined && by !== undefined && isOnChain.value;
  const busy = asking.value;
  const blocks = market.value;
  // What was sent before a reload is waited for first.
  useEffect(() => {
    if (ready && sent.value) void waitForSent();
  }, [ready]);
  useEffect(() => {
    if (!ready || busy !== undefined) return;
    let isOld = false;
    readSigning(by, asked).then(
      (read) => {
        if (isOld) return;
        setSigning(read);
        setFault(undefined);
        if (read.calls.length > 0) return;
        if (askedBefore.peek() === subject) forgetAsked();
        done?.();
      },
      (error: unknown) => {
        if (isOld) return;
        setSigning(undefined);
        setFault(faultOf(error));
      },
    );
    return () => {
      isOld = true;
    };
  }, [ready, by, subject, busy, blocks]);
  const chainId = signing?.chainId;
  useEffect(() => {
    if (ready && chainId !== undefined) void batches(at, by, chainId).then(setCanBatch);
  }, [ready, at, by, chainId]);

  if (!ready) return null;
  const way: Way = single ? 'each' : canBatch ? 'batch' : 'together';
  const requests = signing ? requestsOf(signing, way) : [];
  const said = signFault.value?.subject === subject ? signFault.value.fault : undefined;
  const waits = sent.value?.subject === subject;
  const mayBeOpen = busy === undefined && askedBefore.value === subject;
  return (
    <section aria-label="To sign">
      {waits && <Waits />}
      {!waits && requests.length > 0 && (
        <>
          <p>
            What you sign, in {plural(requests.length, 'signature')}
            {way === 'batch' ? ', all of it or nothing' : ''}:
          </p>
          <ol class="sentences">
            {requests.map((calls, at) => (
              <li key={at}>
                {calls.map(({ says, to }) => (
                  <p key={says}>
                    <bdi>{says}</bdi> <span class="quiet">(to {to})</span>
                  </p>
                ))}
              </li>
            ))}
          </ol>
          {signing!.calls.length > 1 && (
            <label class="block">
              <input
                type="checkbox"
                checked={single}
                onChange={(event) => setSingle(event.currentTarget.checked)}
              />{' '}
              Sign each of the {signing!.calls.length} by itself: some wallets do not show what several do
              together.
            </label>
          )}
          {mayBeOpen && <MayBeOpen />}
          <p>
            <button
              type="button"
              disabled={busy !== undefined || mayBeOpen}
              onClick={() => void sign(asked, way)}
            >
              Sign in the wallet
            </button>{' '}
            {busy === subject && <span class="quiet">The wallet asks: answer in its window.</span>}
          </p>
        </>
      )}
      <div aria-live="polite">{(said ?? fault) && <Notice fault={(said ?? fault)!} />}</div>
    </section>
  );
}

/** Whoever signed in that window and in another one would send twice. */
function MayBeOpen() {
  return (
    <p class="notice">
      The wallet was being asked when this page was reloaded. If its window is open still, answer there: what
      comes of it is seen here.{' '}
      <button type="button" class="link" onClick={forgetAsked}>
        No window of the wallet is open
      </button>
    </p>
  );
}

function Waits() {
  return (
    <p>
      Signed and sent: it waits for the chain.{' '}
      <button type="button" class="link" onClick={forgetSent}>
        It was cancelled or replaced in the wallet
      </button>
    </p>
  );
}

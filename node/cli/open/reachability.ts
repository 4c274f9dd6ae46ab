// How others reach a peer, as flags say it.
import { NodeError } from '../../errors.ts';
import { namedRelay, type Reachability } from '../../peer/index.ts';

/** The flags of whoever listens. */
export interface ReachedSettings {
  readonly listen?: readonly string[];
  readonly announce?: readonly string[];
  readonly relay?: readonly string[];
}

const listensHere = ['/ip4/127.0.0.1/tcp/0'];

/**
 * How others reach a peer, as its flags say.
 * @throws NodeError `input` where they contradict each other.
 */
export function reachabilityOf({
  listen = listensHere,
  announce = [],
  relay = [],
}: ReachedSettings): Reachability {
  const isHidden = listen.includes('none');
  if (isHidden && (listen.length > 1 || announce.length > 0))
    throw new NodeError(
      'input',
      '--listen none says that there is no inbound port, but another flag names one',
      {
        mend: 'Give one or the other.',
      },
    );
  const relays = relay.map((address) => {
    const found = namedRelay(address);
    if (!found) throw new NodeError('input', `${address} is no address of a relay`);
    return found;
  });
  return { listen: isHidden ? [] : listen, announce, relays };
}

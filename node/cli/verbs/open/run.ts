// The work of `murmur open`.
import { type DeskSettings, openDesk } from '../../desk/desk.ts';
import { askForLink, openDoor } from '../../desk/door.ts';
import { describeError } from '../../output/fault.ts';
import { print, stamped } from '../../output/format.ts';
import { onInterrupt } from '../../output/interrupt.ts';
import { showPage } from './browser.ts';

type OpenSettings = Omit<DeskSettings, 'say' | 'onAnswer'> & {
  readonly printOnly: boolean;
  readonly json: boolean;
};

/** Runs the desk until it is interrupted; or, where it runs already, makes another link to it. */
export async function open(settings: OpenSettings): Promise<void> {
  const { home, json, printOnly } = settings;
  const show = (link: string) => {
    print(json, { type: 'link', link }, `open ${link}`);
    if (!printOnly) showPage(link);
  };
  const running = await askForLink(home);
  if (running !== undefined) return show(running);
  const say = (text: string) => print(json, { type: 'note', text }, stamped(text));
  const ending = Promise.withResolvers<void>();
  const takeBack = onInterrupt(() => ending.resolve());
  try {
    const desk = await openDesk({
      ...settings,
      say,
      onAnswer({ error }) {
        if (error !== undefined) say(describeError(error));
      },
    });
    const closeDoor = await openDoor(home, desk);
    try {
      show(desk.newLink());
      await ending.promise;
    } finally {
      say('stops; started again, it goes on where it was');
      await closeDoor();
      await desk.stop();
    }
  } finally {
    takeBack();
  }
}

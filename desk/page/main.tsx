// The page's start: a session, then what it shows.
import { render } from 'preact';
import './forms.css';
import { App } from './app.tsx';
import { openSession } from './session.ts';
import { follow } from './state.ts';

render(<App />, document.getElementById('desk')!);
if (await openSession()) void follow();

import '@cloudscape-design/global-styles/index.css';
import './console.css';

import { createRoot } from 'react-dom/client';

import { startMode } from './lib/preferences';
import { reportCaught } from './reporting';
import { start } from './start';

const element = document.getElementById('root');
if (element === null) {
  throw new Error('The page has no element with the id root.');
}
startMode();
await start(createRoot(element, { onCaughtError: reportCaught }));

import '@cloudscape-design/global-styles/index.css';
import './console.css';

import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';

import { App } from './App';
import { loadConfiguration } from './configuration';
import { ConfigurationFault } from './ConfigurationFault';
import { startMode } from './lib/preferences';
import { reportCaught } from './reporting';
import { routes } from './routes';
import { createServices } from './services';

const element = document.getElementById('root');
if (element === null) {
  throw new Error('The page has no element with the id root.');
}
startMode();
const root = createRoot(element, { onCaughtError: reportCaught });
try {
  const services = createServices(await loadConfiguration());
  root.render(<App services={services} router={createBrowserRouter(routes)} />);
  await services.session.restore();
} catch (error) {
  root.render(<ConfigurationFault error={error} />);
}

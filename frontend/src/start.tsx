import type { Root } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';

import { App } from './App';
import { loadConfiguration } from './configuration';
import { ConfigurationFault } from './ConfigurationFault';
import { routes } from './routes';
import { createServices } from './services';

/** Starts the console; where what it needs cannot be had, says so and lets it be tried again. */
export async function start(root: Root): Promise<void> {
  try {
    const services = createServices(await loadConfiguration());
    root.render(<App services={services} router={createBrowserRouter(routes)} />);
    await services.session.restore();
  } catch (error) {
    root.render(<ConfigurationFault error={error} onRetry={() => void start(root)} />);
  }
}

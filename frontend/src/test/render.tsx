/** The whole console at one address, over the network of the tests. */
import { render } from '@testing-library/react';
import { createMemoryRouter } from 'react-router';

import { App } from '../App';
import { reportCaught } from '../reporting';
import { routes } from '../routes';
import { createServices } from '../services';
import type { Configuration } from '../configuration';
import { CONFIGURATION, idToken } from './fixtures';

/** Opens the console with nobody signed in. */
export function openSignedOut(path: string, configuration: Configuration = CONFIGURATION) {
  const services = createServices(configuration);
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const rendered = render(<App services={services} router={router} />, {
    onCaughtError: reportCaught,
  });
  return { ...rendered, services, router };
}

/** Opens the console as somebody who is signed in. */
export function open(path: string, configuration: Configuration = CONFIGURATION) {
  const opened = openSignedOut('/sign-in', configuration);
  opened.services.session.start({
    idToken: idToken('operator@example.com'),
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
  });
  void opened.router.navigate(path);
  return opened;
}

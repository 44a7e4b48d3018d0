import { Navigate, Outlet, useLocation } from 'react-router';

import { Waiting } from '../layout/Waiting';
import { paths } from '../paths';
import { useSessionState } from '../services';

/** Shows what is inside to people who are signed in, and sends the others to the sign-in. */
export function RequireSession() {
  const session = useSessionState();
  const location = useLocation();
  switch (session.status) {
    case 'RESTORING':
      return <Waiting />;
    case 'SIGNED_OUT':
      return <Navigate to={paths.signIn(location.pathname + location.search)} replace />;
    case 'SIGNED_IN':
      return <Outlet />;
  }
}

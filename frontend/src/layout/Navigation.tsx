import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useLocation, useNavigate } from 'react-router';

import { paths } from '../paths';

/** The areas of the console. */
export function Navigation() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <SideNavigation
      activeHref={pathname.startsWith(paths.executions()) ? paths.executions() : pathname}
      items={[{ type: 'link', text: 'Executions', href: paths.executions() }]}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

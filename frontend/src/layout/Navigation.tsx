import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useLocation, useNavigate } from 'react-router';

import { paths } from '../paths';
import { shell } from '../text/shell';

const AREAS = [
  { type: 'link', text: shell.dashboard, href: paths.home() },
  { type: 'link', text: shell.groups, href: paths.groups() },
  { type: 'link', text: shell.plans, href: paths.plans() },
  { type: 'link', text: shell.executions, href: paths.executions() },
] as const;

/** The areas of the console. */
export function Navigation() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const area = AREAS.find(({ href }) => href !== paths.home() && pathname.startsWith(href));
  return (
    <SideNavigation
      activeHref={area?.href ?? pathname}
      items={AREAS}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

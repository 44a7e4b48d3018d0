import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useLocation, useNavigate } from 'react-router';

import { paths } from '../paths';
import { common } from '../text/common';
import { shell } from '../text/shell';
import { useFrame } from '../components/frame';

const AREAS = [
  { text: shell.groups, href: paths.groups() },
  { text: shell.plans, href: paths.plans() },
  { text: shell.executions, href: paths.executions() },
];

/** Where the page is: the product, the area, the page. */
export function Breadcrumbs() {
  const { pathname } = useLocation();
  const { title } = useFrame();
  const navigate = useNavigate();
  const area = AREAS.find(({ href }) => pathname.startsWith(href));
  const items = [
    { text: common.product, href: paths.home() },
    ...(area === undefined ? [] : [area]),
    ...(area === undefined || area.href === pathname ? [] : [{ text: title, href: pathname }]),
  ];
  return (
    <BreadcrumbGroup
      items={items}
      ariaLabel={shell.breadcrumbs}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

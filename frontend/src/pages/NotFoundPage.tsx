import Box from '@cloudscape-design/components/box';
import { useLocation } from 'react-router';

import { InternalLink } from '../components/InternalLink';
import { Page } from '../components/Page';
import { paths } from '../paths';

/** An address that the console does not have. */
export default function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Page title="Page not found">
      <Box>
        There is no page at {pathname}. Go to{' '}
        <InternalLink href={paths.executions()}>Executions</InternalLink>.
      </Box>
    </Page>
  );
}

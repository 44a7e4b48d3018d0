import Alert from '@cloudscape-design/components/alert';
import type { ReactNode } from 'react';

import { ApiError, capitalised, sentence, type Fault } from '../api/error';
import { paths } from '../paths';
import { common } from '../text/common';
import { InternalLink } from './InternalLink';
import { OutsideText } from './OutsideText';
import { MarkedText, SentenceText } from './SentenceText';
import { ServerName } from './ServerName';
import { ShortList } from './ShortList';

type Properties = {
  error: unknown;
  /** The faults that no field shows; left out, all. */
  faults?: readonly Fault[];
  action?: ReactNode;
};

/** Why the server did not do it, with everything that it names as being in the way. */
export function RefusalAlert({ error, faults, action }: Properties) {
  const known = error instanceof ApiError ? error : undefined;
  const told = faults ?? known?.faults ?? [];
  return (
    <Alert type="error" action={action}>
      <SentenceText>{sentence(error)}</SentenceText>
      {known !== undefined && <Names error={known} />}
      {told.length > 0 && (
        <ShortList
          items={told}
          keyOf={(fault) => `${fault.path} ${fault.code} ${fault.message}`}
          render={(fault) => (
            <>
              {fault.path !== '' && <code>{fault.path}</code>}{' '}
              <MarkedText>{capitalised(fault.message)}</MarkedText>
            </>
          )}
        />
      )}
      {known?.requestId !== undefined && known.isPassing && ` ${common.request(known.requestId)}`}
    </Alert>
  );
}

function Names({ error }: { error: ApiError }) {
  const { groups = [], plans = [], servers = [], execution } = error.about;
  const links = [
    ...groups.map(({ protectionGroupId, name }) => ({ href: paths.group(protectionGroupId), name })),
    ...plans.map(({ recoveryPlanId, name }) => ({ href: paths.plan(recoveryPlanId), name })),
    ...(execution == null ? [] : [{ href: paths.execution(execution), name: execution }]),
  ];
  if (links.length === 0 && servers.length === 0) {
    return null;
  }
  return (
    <>
      {links.length > 0 && (
        <ShortList
          items={links}
          keyOf={({ href }) => href}
          render={({ href, name }) => (
            <InternalLink href={href}>
              <OutsideText>{name}</OutsideText>
            </InternalLink>
          )}
        />
      )}
      {servers.length > 0 && (
        <ShortList
          items={servers}
          keyOf={({ sourceServerId }) => sourceServerId}
          render={(server) => (
            <>
              <ServerName server={server} variant="inline" />:{' '}
              <SentenceText>{capitalised(server.reason)}</SentenceText>
            </>
          )}
        />
      )}
    </>
  );
}

import Alert from '@cloudscape-design/components/alert';
import type { ReactNode } from 'react';

import { ApiError, capitalised, sentence, type Fault } from '../api/error';
import { paths } from '../paths';
import { common } from '../text/common';
import { InternalLink } from './InternalLink';

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
      {sentence(error)}
      {known !== undefined && <Names error={known} />}
      {told.length > 0 && (
        <ul>
          {told.map((fault) => (
            <li key={`${fault.path} ${fault.code} ${fault.message}`}>
              {fault.path !== '' && <code>{fault.path}</code>} {capitalised(fault.message)}
            </li>
          ))}
        </ul>
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
    <ul>
      {links.map(({ href, name }) => (
        <li key={href}>
          <InternalLink href={href}>{name}</InternalLink>
        </li>
      ))}
      {servers.map(({ sourceServerId, reason }) => (
        <li key={sourceServerId}>
          <code>{sourceServerId}</code>: {capitalised(reason)}
        </li>
      ))}
    </ul>
  );
}

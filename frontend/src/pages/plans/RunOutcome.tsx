import Box from '@cloudscape-design/components/box';

import type { LastRun } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { EXECUTION_STATUS } from '../../text/status-words';
import { paths } from '../../paths';
import { plans as words } from '../../text/plans';

/** How a plan ran last, and when; or that it never did. */
export function RunOutcome({ run }: { run: LastRun | null }) {
  return run === null ? (
    words.never
  ) : (
    <>
      <InternalLink href={paths.execution(run.executionId)}>
        <RelativeTime time={run.endedAt} />
      </InternalLink>
      <Box variant="small" display="block">
        <Status sign={EXECUTION_STATUS[run.status]} />
      </Box>
    </>
  );
}

import type { Server } from '../../api/types';
import { addressOfFilter } from '../../lib/filter-address';
import { InternalLink } from '../../components/InternalLink';
import { paths } from '../../paths';
import { page as words } from '../../text/executions';

/** What a link says that leads to a part of the page, and not to its heading. */
export const POINTED_AT = 'POINTED_AT';

/** The way to the log of the server's DRS job, which keeps more of a reason than the server does. */
export function WholeOfServer({ server }: { server: Server }) {
  const { sourceServerId, jobId } = server;
  if (jobId === null) {
    return <WholeInLog />;
  }
  const filter = addressOfFilter({ job: jobId, server: sourceServerId });
  return <InternalLink href={paths.part('jobs', filter)} state={POINTED_AT}>{words.wholeInJobs}</InternalLink>;
}

/** The way to the event log, which keeps more of a sentence than what it is about. */
export function WholeInLog() {
  return <InternalLink href={paths.part('log')} state={POINTED_AT}>{words.wholeInLog}</InternalLink>;
}

import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Wave } from '../../api/types';
import { plural } from '../../lib/plural';
import { ServerTable } from './ServerTable';
import { WAVE_STATUS } from '../../components/status-words';
import { Status } from '../../components/Status';

/** One wave: how it stands, its DRS jobs and its servers. */
export function WaveSection({ wave }: { wave: Wave }) {
  const launched = wave.servers.filter((server) => server.status === 'LAUNCHED').length;
  return (
    <ExpandableSection
      variant="container"
      headingTagOverride="h2"
      defaultExpanded
      headerText={wave.name}
      headerDescription={`${launched.toString()} of ${plural(wave.servers.length, 'server')} launched`}
      headerActions={<Status sign={WAVE_STATUS[wave.status]} />}
    >
      <SpaceBetween size="s">
        {wave.statusReason !== null && <Box>{wave.statusReason}</Box>}
        {wave.jobs.length > 0 && (
          <Box color="text-body-secondary">
            {wave.jobs
              .map((job) => `${job.jobId} (attempt ${job.attempt.toString()}, ${job.status})`)
              .join(', ')}
          </Box>
        )}
        <ServerTable wave={wave} />
      </SpaceBetween>
    </ExpandableSection>
  );
}

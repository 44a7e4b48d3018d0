import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { memo, useMemo } from 'react';

import { capitalised } from '../../api/error';
import type { Server, Wave } from '../../api/types';
import { needOrElse } from '../../components/need';
import { Status } from '../../components/Status';
import { WAVE_STATUS } from '../../components/status-words';
import { GateGlyph, WaveGraph } from '../../components/WaveGraph';
import { duration } from '../../lib/time';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { plans } from '../../text/plans';

/** The waves as a picture that lives, and as a table. */
export const Waves = memo(function Waves({
  waves,
  isKnown,
}: {
  waves: readonly Wave[];
  isKnown: boolean;
}) {
  const graph = useMemo(
    () =>
      waves.map((wave) => ({
        key: wave.key,
        name: wave.name,
        dependsOn: wave.dependsOn,
        hasGate: wave.pauseBefore,
        detail: words.graphDetail(
          count(wave, 'LAUNCHED'),
          wave.servers.length,
          count(wave, 'FAILED'),
        ),
        sign: WAVE_STATUS[wave.status],
      })),
    [waves],
  );
  const columns = useMemo(() => columnsOf(waves), [waves]);
  return (
    <Container
      header={
        <Header variant="h2" description={isKnown ? undefined : words.asLastKnown}>
          {words.waves}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <div>
          <WaveGraph waves={graph} />
          {waves.some((wave) => wave.pauseBefore) && <GateLegend />}
        </div>
        <Table
          variant="embedded"
          items={waves}
          trackBy="key"
          wrapLines
          columnDefinitions={columns}
          ariaLabels={{ tableLabel: words.waves }}
        />
      </SpaceBetween>
    </Container>
  );
});

/** What the mark on the edge of a wave means; the picture's own label says it in words. */
function GateLegend() {
  return (
    <div aria-hidden>
      <Box variant="small" padding={{ left: 's' }}>
        <GateGlyph /> {words.gateMark}
      </Box>
    </div>
  );
}

function columnsOf(waves: readonly Wave[]): TableProps.ColumnDefinition<Wave>[] {
  const nameOf = (key: string) => waves.find((wave) => wave.key === key)?.name ?? key;
  const titles = words.waveColumns;
  return [
    { id: 'name', header: titles.name, isRowHeader: true, minWidth: 110, cell: ({ name }) => name },
    {
      id: 'status',
      header: titles.status,
      minWidth: 150,
      cell: (wave) => <Status sign={WAVE_STATUS[wave.status]} />,
    },
    {
      id: 'servers',
      header: titles.servers,
      minWidth: 100,
      cell: (wave) => words.launched(count(wave, 'LAUNCHED'), wave.servers.length),
    },
    {
      id: 'after',
      header: titles.after,
      minWidth: 110,
      cell: (wave) => (
        <>
          {wave.dependsOn.length === 0 ? plans.atOnce : wave.dependsOn.map(nameOf).join(', ')}
          {wave.pauseBefore && <div>{plans.gateYes}</div>}
        </>
      ),
    },
    {
      id: 'needs',
      header: titles.needs,
      minWidth: 110,
      cell: (wave) => needOrElse(wave.need, wave.onFailure),
    },
    { id: 'duration', header: titles.duration, minWidth: 90, cell: lengthOf },
    { id: 'jobs', header: titles.jobs, minWidth: 170, cell: (wave) => <Jobs wave={wave} /> },
    {
      id: 'note',
      header: titles.note,
      minWidth: 130,
      cell: (wave) => (wave.statusReason === null ? common.none : capitalised(wave.statusReason)),
    },
  ];
}

function Jobs({ wave }: { wave: Wave }) {
  return wave.jobs.length === 0
    ? common.none
    : wave.jobs.map(({ jobId, status, attempt }) => (
        <div key={jobId}>{words.job(jobId, status, attempt)}</div>
      ));
}

function lengthOf({ startedAt, endedAt }: Wave): string {
  return startedAt === null || endedAt === null
    ? common.none
    : duration(Date.parse(endedAt) - Date.parse(startedAt));
}

function count(wave: Wave, status: Server['status']): number {
  return wave.servers.filter((server) => server.status === status).length;
}

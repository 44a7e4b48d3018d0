import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { memo, useMemo } from 'react';

import { capitalised } from '../../api/error';
import type { Wave } from '../../api/types';
import { needOrElse } from '../../text/need';
import { OutsideText } from '../../components/OutsideText';
import { SentenceText } from '../../components/SentenceText';
import { ShortList } from '../../components/ShortList';
import { Status } from '../../components/Status';
import { WAVE_STATUS } from '../../text/status-words';
import { GateGlyph, WaveGraph } from '../../components/WaveGraph';
import { WaveStart } from '../../components/WaveStart';
import { shown } from '../../lib/shown';
import { duration } from '../../lib/time';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { hasFailed, hasLaunched } from './instances';
import { withWaveNames } from './wave-names';
import { WholeInLog } from './WholeText';

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
          wave.servers.filter(hasLaunched).length,
          wave.servers.length,
          wave.servers.filter(hasFailed).length,
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
  const nameOf = (key: string) => shown(waves.find((wave) => wave.key === key)?.name ?? key);
  const inNames = (sentence: string) => withWaveNames({ waves }, sentence);
  const titles = words.waveColumns;
  return [
    { id: 'name', header: titles.name, isRowHeader: true, minWidth: 100, cell: ({ name }) => <OutsideText>{name}</OutsideText> },
    { id: 'status', header: titles.status, minWidth: 140, cell: StatusAndLength },
    {
      id: 'servers',
      header: titles.servers,
      minWidth: 95,
      cell: (wave) => words.launched(wave.servers.filter(hasLaunched).length, wave.servers.length),
    },
    { id: 'note', header: titles.note, minWidth: 150, cell: (wave) => noteOf(wave, inNames) },
    {
      id: 'after',
      header: titles.after,
      minWidth: 100,
      cell: (wave) => <WaveStart dependsOn={wave.dependsOn} hasGate={wave.pauseBefore} nameOf={nameOf} />,
    },
    {
      id: 'needs',
      header: titles.needs,
      minWidth: 100,
      cell: (wave) => needOrElse(wave.need, wave.onFailure),
    },
    { id: 'jobs', header: titles.jobs, minWidth: 140, cell: (wave) => <Jobs wave={wave} /> },
  ];
}

/** One is named; more are counted, and named when somebody asks. */
function Jobs({ wave: { jobs } }: { wave: Wave }) {
  if (jobs.length === 0) {
    return common.none;
  }
  const list = (
    <ShortList
      items={jobs}
      keyOf={({ jobId }) => jobId}
      render={({ jobId, status, attempt }) => words.job(jobId, status, attempt)}
      variant="lines"
    />
  );
  return jobs.length === 1 ? (
    list
  ) : (
    <ExpandableSection variant="inline" headerText={words.jobs(jobs.length)}>
      {list}
    </ExpandableSection>
  );
}

function noteOf({ statusReason }: Wave, inNames: (sentence: string) => string) {
  return statusReason === null ? (
    common.none
  ) : (
    <SentenceText whole={<WholeInLog />}>{capitalised(inNames(statusReason))}</SentenceText>
  );
}

/** How it stands, and how long it took to get there. */
function StatusAndLength({ status, startedAt, endedAt }: Wave) {
  return (
    <>
      <Status sign={WAVE_STATUS[status]} />
      {startedAt !== null && endedAt !== null && (
        <Box variant="small" display="block">
          {words.took(duration(Date.parse(endedAt) - Date.parse(startedAt)))}
        </Box>
      )}
    </>
  );
}

import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import type { Execution } from '../../api/types';
import { OutsideText } from '../../components/OutsideText';
import { RefusalAlert } from '../../components/RefusalAlert';
import { SentenceText } from '../../components/SentenceText';
import { ServerName } from '../../components/ServerName';
import { SIGN_COLOR } from '../../lib/sign-colors';
import { Status } from '../../components/Status';
import { visible } from '../../lib/shown';
import { absoluteTime, duration } from '../../lib/time';
import { phasesQuery, serverPhasesQuery } from '../../queries/phases';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { timeline as words } from '../../text/executions';
import { timelineOf, type SegmentKind, type Timeline, type TimelineRow } from './timeline';
import { SEGMENT_COLOR, TimelinePicture } from './TimelinePicture';

const KINDS: readonly SegmentKind[] = ['WAVE', 'HOLD', 'CLEANUP', 'SNAPSHOT', 'CONVERSION', 'LAUNCH'];
const NOTHING = { waves: [], holds: [] };

type Properties = { execution: Execution; dataUpdatedAt: number };

/** A bar for each wave with its waits and its phases; a wave opens into its servers. */
export default function TimelineTab({ execution, dataUpdatedAt }: Properties) {
  const { api } = useServices();
  const phases = useQuery(phasesQuery(api, execution));
  const [isTable, setIsTable] = useState(false);
  const { opened, error, controls } = useOpenedWave(execution);
  const timeline = useMemo(
    () => timelineOf(execution, phases.data ?? NOTHING, opened, dataUpdatedAt),
    [execution, phases.data, opened, dataUpdatedAt],
  );
  const failure = phases.error ?? error;
  return (
    <SpaceBetween size="m">
      {failure !== null && <RefusalAlert error={failure} />}
      <SpaceBetween direction="horizontal" size="l" alignItems="end">
        {controls}
        <Toggle
          checked={isTable}
          onChange={({ detail }) => {
            setIsTable(detail.checked);
          }}
        >
          {words.asTable}
        </Toggle>
      </SpaceBetween>
      <Shown timeline={timeline} isTable={isTable} />
    </SpaceBetween>
  );
}

function Shown({ timeline, isTable }: { timeline: Timeline; isTable: boolean }) {
  const { rows } = timeline;
  if (rows.every((row) => row.segments.length === 0)) {
    return <Box>{words.empty}</Box>;
  }
  return isTable ? (
    <TimelineTable rows={rows} />
  ) : (
    <>
      <Legend />
      <TimelinePicture timeline={timeline} rows={rows} />
    </>
  );
}

/** The wave that is opened into its servers, a page at a time. */
function useOpenedWave(execution: Execution) {
  const { api } = useServices();
  const [waveKey, setWaveKey] = useState('');
  /** How the pages up to the one that is shown were asked for; nothing for the first. */
  const [tokens, setTokens] = useState<readonly (string | null)[]>([null]);
  const [page, setPage] = useState(1);
  const isOpen = waveKey !== '';
  const { data, error } = useQuery({
    ...serverPhasesQuery(api, execution, waveKey, tokens[page - 1] ?? null),
    enabled: isOpen,
  });
  const opened = useMemo(
    () => (isOpen && data !== undefined ? { waveKey, servers: data.items } : undefined),
    [isOpen, waveKey, data],
  );
  const options = [
    { value: '', label: words.noneOpened },
    ...execution.waves.map(({ key, name }) => ({ value: key, label: visible(name) })),
  ];
  const next = data?.nextToken ?? null;
  const controls = (
    <>
      <FormField label={words.opened}>
        <Select
          selectedOption={options.find(({ value }) => value === waveKey) ?? null}
          options={options}
          onChange={({ detail }) => {
            setWaveKey(detail.selectedOption.value ?? '');
            setTokens([null]);
            setPage(1);
          }}
        />
      </FormField>
      {isOpen && (page > 1 || next !== null) && (
        <Pagination
          currentPageIndex={page}
          pagesCount={next === null ? page : page + 1}
          openEnd={next !== null}
          ariaLabels={common.pagination}
          onChange={({ detail: { currentPageIndex } }) => {
            if (currentPageIndex > page && next !== null) {
              setTokens([...tokens.slice(0, page), next]);
            }
            setPage(currentPageIndex);
          }}
        />
      )}
    </>
  );
  return { opened, error, controls };
}

function Legend() {
  return (
    <SpaceBetween direction="horizontal" size="m">
      {KINDS.map((kind) => (
        <span key={kind}>
          <svg width={18} height={18} aria-hidden="true" style={{ verticalAlign: 'middle' }}>
            <rect width={18} height={18} rx={3} fill={SEGMENT_COLOR[kind]} />
          </svg>{' '}
          <b>{words.kinds[kind].letter}</b> {words.kinds[kind].label}
        </span>
      ))}
      <span>
        <svg width={18} height={18} aria-hidden="true" style={{ verticalAlign: 'middle' }}>
          <rect x={1.5} y={1.5} width={15} height={15} rx={3} fill="none" stroke={SIGN_COLOR.error} strokeWidth={3} />
        </svg>{' '}
        {words.failedMark}
      </span>
    </SpaceBetween>
  );
}

/** The same as the picture, for those who read tables. */
function TimelineTable({ rows }: { rows: readonly TimelineRow[] }) {
  return (
    <Table
      variant="embedded"
      items={rows}
      trackBy="id"
      wrapLines
      ariaLabels={{ tableLabel: words.asTable }}
      columnDefinitions={[
        {
          id: 'row',
          header: words.columns.row,
          isRowHeader: true,
          minWidth: 150,
          cell: RowName,
        },
        { id: 'begin', header: words.columns.begin, minWidth: 150, cell: beginOf },
        { id: 'parts', header: words.columns.parts, minWidth: 250, cell: PartsOf },
        { id: 'outcome', header: words.columns.outcome, minWidth: 220, cell: OutcomeOf },
      ]}
    />
  );
}

function RowName({ label, server }: TimelineRow) {
  return server === undefined ? (
    <b>
      <OutsideText>{label}</OutsideText>
    </b>
  ) : (
    <ServerName server={server} />
  );
}

function beginOf(row: TimelineRow): string {
  return row.segments.length === 0
    ? common.none
    : absoluteTime(Math.min(...row.segments.map((segment) => segment.from)));
}

function PartsOf(row: TimelineRow) {
  const kinds = KINDS.filter(
    (kind) => mostIn(row, kind) > 0 || row.segments.some((segment) => segment.kind === kind),
  );
  return kinds.length === 0 ? common.none : kinds.map((kind) => <div key={kind}>{partOf(row, kind)}</div>);
}

function partOf(row: TimelineRow, kind: SegmentKind): string {
  const most = mostIn(row, kind);
  if (most > 0) {
    return words.atMost(words.kinds[kind].label, most);
  }
  const segments = row.segments.filter((segment) => segment.kind === kind);
  const length = segments.reduce((sum, { from, to }) => sum + to - from, 0);
  const isOpen = segments.some((segment) => segment.isOpen);
  const isFailed = segments.some((segment) => segment.isFailed);
  const end = isOpen ? words.open : isFailed ? words.failed : '';
  return words.part(words.kinds[kind].label, duration(length), end);
}

/** How many servers of a wave were in a phase at once. */
function mostIn({ mixtures }: TimelineRow, kind: SegmentKind): number {
  const counts = mixtures.flatMap((mixture) => mixture.counts);
  return Math.max(0, ...counts.filter(({ phase }) => phase === kind).map(({ count }) => count));
}

function OutcomeOf({ trouble }: TimelineRow) {
  if (trouble === undefined) {
    return common.none;
  }
  return (
    <>
      <Status sign={trouble.sign} />
      {trouble.reason !== null && (
        <div>
          <SentenceText>{trouble.reason}</SentenceText>
        </div>
      )}
    </>
  );
}

import Box from '@cloudscape-design/components/box';
import Pagination from '@cloudscape-design/components/pagination';
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
import { SIGN_COLOR } from '../../components/sign-colors';
import { Status } from '../../components/Status';
import { absoluteTime, duration } from '../../lib/time';
import { eventsQuery, pace } from '../../queries/executions';
import { jobLogsQuery } from '../../queries/job-logs';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { timeline as words } from '../../text/executions';
import { timelineOf, type SegmentKind, type TimelineRow } from './timeline';
import { SEGMENT_COLOR, TimelinePicture } from './TimelinePicture';

const PAGE_SIZE = 30;
const KINDS: readonly SegmentKind[] = ['WAVE', 'HOLD', 'CLEANUP', 'SNAPSHOT', 'CONVERSION', 'LAUNCH'];
const NOTHING: readonly never[] = [];

type Properties = { execution: Execution; dataUpdatedAt: number };

/** A bar for each server with its phases, and for each wave with its waits. */
export default function TimelineTab({ execution, dataUpdatedAt }: Properties) {
  const { api } = useServices();
  const isMoving = pace(execution) !== false;
  const events = useQuery(eventsQuery(api, execution.executionId, isMoving));
  const jobLogs = useQuery(jobLogsQuery(api, execution));
  const [isTable, setIsTable] = useState(false);
  const [page, setPage] = useState(1);
  const timeline = useMemo(
    () =>
      timelineOf(execution, events.data ?? NOTHING, jobLogs.data ?? NOTHING, dataUpdatedAt),
    [execution, events.data, jobLogs.data, dataUpdatedAt],
  );
  const error = events.error ?? jobLogs.error;
  const rows = timeline.rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const pagesCount = Math.ceil(timeline.rows.length / PAGE_SIZE);
  return (
    <SpaceBetween size="m">
      {error !== null && <RefusalAlert error={error} />}
      <SpaceBetween direction="horizontal" size="l">
        <Toggle
          checked={isTable}
          onChange={({ detail }) => {
            setIsTable(detail.checked);
          }}
        >
          {words.asTable}
        </Toggle>
        {pagesCount > 1 && (
          <Pagination
            currentPageIndex={page}
            pagesCount={pagesCount}
            ariaLabels={common.pagination}
            onChange={({ detail }) => {
              setPage(detail.currentPageIndex);
            }}
          />
        )}
      </SpaceBetween>
      {timeline.rows.every((row) => row.segments.length === 0) ? (
        <Box>{words.empty}</Box>
      ) : isTable ? (
        <TimelineTable rows={rows} />
      ) : (
        <>
          <Legend />
          <TimelinePicture timeline={timeline} rows={rows} />
        </>
      )}
    </SpaceBetween>
  );
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
  const kinds = KINDS.filter((kind) => row.segments.some((segment) => segment.kind === kind));
  return kinds.length === 0 ? common.none : kinds.map((kind) => <div key={kind}>{partOf(row, kind)}</div>);
}

function partOf(row: TimelineRow, kind: SegmentKind): string {
  const segments = row.segments.filter((segment) => segment.kind === kind);
  const length = segments.reduce((sum, { from, to }) => sum + to - from, 0);
  const isOpen = segments.some((segment) => segment.isOpen);
  const isFailed = segments.some((segment) => segment.isFailed);
  const end = isOpen ? words.open : isFailed ? words.failed : '';
  return words.part(words.kinds[kind].label, duration(length), end);
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

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { capitalised } from '../../api/error';
import type { Execution } from '../../api/types';
import { CollectionTable } from '../../components/CollectionTable';
import { OutsideText } from '../../components/OutsideText';
import { RefusalAlert } from '../../components/RefusalAlert';
import { SentenceText } from '../../components/SentenceText';
import { withoutMarks } from '../../lib/marks';
import { absoluteTime } from '../../lib/time';
import { eventsQuery, pace } from '../../queries/executions';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { eventWords } from '../../text/event-words';
import { page as words } from '../../text/executions';
import { waveName, withWaveNames } from './wave-names';

type Row = {
  id: string;
  number: number;
  at: string;
  what: string;
  wave: string;
  /** The sentence without marks, for the filter. */
  detail: string;
  said: string;
  by: string;
};

const PAGE_SIZE = 25;
const titles = words.logColumns;

/** Everything that was decided, in its order; the newest first. */
export default function LogTab({ execution }: { execution: Execution }) {
  const { api } = useServices();
  const query = useQuery(eventsQuery(api, execution.executionId, pace(execution) !== false));
  const rows = useMemo(
    () => {
      const sentenceOf = (detail: string) => capitalised(withWaveNames(execution, detail));
      return (query.data ?? [])
        .map(
          ({ number, at, code, waveKey, detail, actor }): Row => ({
            id: number.toString(),
            number,
            at: absoluteTime(at),
            what: eventWords[code],
            wave: waveKey === null ? common.none : waveName(execution, waveKey),
            detail: withoutMarks(sentenceOf(detail)),
            said: sentenceOf(detail),
            by: actor ?? common.none,
          }),
        )
        .reverse();
    },
    [query.data, execution],
  );
  if (query.error !== null && query.data === undefined) {
    return <RefusalAlert error={query.error} />;
  }
  return (
    <CollectionTable<Row>
      label={words.tabs.log}
      variant="embedded"
      items={rows}
      idOf={(row) => row.id}
      loading={query.data === undefined}
      pageSize={PAGE_SIZE}
      filterPlaceholder={words.logFilter}
      filtering={(['what', 'wave', 'detail', 'by'] as const).map((key) => ({
        key,
        propertyLabel: titles[key],
        groupValuesLabel: titles[key],
        operators: [':', '!:'],
      }))}
      columns={[
        { id: 'number', header: titles.number, minWidth: 60, cell: (row) => row.number },
        { id: 'at', header: titles.at, minWidth: 150, cell: (row) => row.at },
        { id: 'what', header: titles.what, isRowHeader: true, minWidth: 150, cell: (row) => row.what },
        { id: 'wave', header: titles.wave, minWidth: 100, cell: (row) => <OutsideText>{row.wave}</OutsideText> },
        { id: 'detail', header: titles.detail, minWidth: 240, cell: (row) => <SentenceText>{row.said}</SentenceText> },
        { id: 'by', header: titles.by, minWidth: 130, cell: (row) => <OutsideText>{row.by}</OutsideText> },
      ]}
      empty={words.logEmpty}
    />
  );
}

import FormField from '@cloudscape-design/components/form-field';
import { useMemo } from 'react';

import { withoutMarks } from '../lib/marks';
import { servers as words } from '../text/servers';
import { ChoiceButtons } from './ChoiceButtons';
import { CollectionTable } from './CollectionTable';
import { filterProperty, type FilterPropertyOf } from '../lib/filter-property';
import { SentenceText } from './SentenceText';
import { nameOf, serverText, type Named } from '../lib/server-name';
import { ServerName } from './ServerName';

/** A server that can be chosen, with what is to be known of it before. */
export type Choosable = Named & { note: string };

/** The note is for the eye, its text for the filter. */
type Row = Choosable & { name: string; noteText: string };

type Properties = {
  label: string;
  description?: string;
  noteTitle: string;
  empty: string;
  servers: readonly Choosable[];
  chosen: readonly string[];
  fault?: string;
  /** What choosing a server means, where that is more than being chosen. */
  labelOf?: (server: Choosable) => string;
  onChange: (chosen: readonly string[]) => void;
};

const PAGE_SIZE = 10;
const idOf = (row: Row) => row.sourceServerId;
const property: FilterPropertyOf<Row> = filterProperty;
const FILTERING = [
  property('name', words.name),
  property('sourceServerId', words.id),
  property('noteText', words.note),
];

/** Some of the servers that a dialog is about; with thousands of them only a page is in the document. */
export function ServerSelection(properties: Properties) {
  const { label, servers, chosen, onChange } = properties;
  const rows = useMemo(
    () => servers.map((server): Row => ({ ...server, name: nameOf(server), noteText: withoutMarks(server.note) })),
    [servers],
  );
  const isChosen = useMemo(() => new Set(chosen), [chosen]);
  return (
    <FormField stretch errorText={properties.fault ?? ''}>
      <CollectionTable<Row>
        label={label}
        headingTag="h3"
        variant="embedded"
        filter="WHEN_LONG"
        description={properties.description}
        items={rows}
        idOf={idOf}
        columns={[
          {
            id: 'server',
            header: words.name,
            isRowHeader: true,
            minWidth: 180,
            cell: (row) => <ServerName server={row} />,
          },
          {
            id: 'note',
            header: properties.noteTitle,
            minWidth: 200,
            cell: (row) => <SentenceText>{row.note}</SentenceText>,
          },
        ]}
        filtering={FILTERING}
        filterPlaceholder={words.filter}
        pageSize={PAGE_SIZE}
        selection={{
          selectionType: 'multi',
          selectedItems: rows.filter((row) => isChosen.has(row.sourceServerId)),
          onSelectionChange: ({ detail }) => {
            onChange(detail.selectedItems.map(idOf));
          },
          itemLabel: properties.labelOf ?? serverText,
        }}
        actionsOnMatching={(matching, filtering) =>
          rows.length > PAGE_SIZE ? (
            <ChoiceButtons
              matching={matching.map(idOf)}
              filtering={filtering}
              noun={words.noun}
              chosen={chosen}
              onChange={onChange}
            />
          ) : undefined
        }
        empty={properties.empty}
      />
    </FormField>
  );
}

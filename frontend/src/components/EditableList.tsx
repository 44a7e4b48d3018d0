/** The page of a list whose things are made, edited and deleted one at a time. */
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState, type ComponentProps, type ReactNode } from 'react';

import { Page } from './Page';
import { CollectionTable } from './CollectionTable';
import { CreateButton, EditActions } from './EditActions';
import { EmptyState } from './EmptyState';
import { useAddressedFilter } from '../lib/filter-address';
import { Freshness } from './Freshness';

type Words = {
  title: string;
  description: string;
  filter: string;
  create: string;
  select: (name: string) => string;
  selectOne: string;
  emptyTitle: string;
  emptyText: string;
};

type Properties<Row> = {
  words: Words;
  help: ComponentProps<typeof Page>['help'];
  query: ComponentProps<typeof Freshness>['query'];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  columns: readonly TableProps.ColumnDefinition<Row>[];
  filtering: readonly PropertyFilterProps.FilteringProperty[];
  createAt: string;
  editAt: (row: Row) => string;
  deletion: (row: Row, close: () => void) => ReactNode;
};

export function EditableList<Row extends { name: string }>(properties: Properties<Row>) {
  const { words, rows, idOf, columns, createAt, editAt } = properties;
  const [filter, setFilter] = useAddressedFilter();
  const [chosen, setChosen] = useState<string | undefined>();
  const [isDeleting, setIsDeleting] = useState(false);
  const selected = rows.find((row) => idOf(row) === chosen);
  const close = () => {
    setIsDeleting(false);
  };
  const create = { href: createAt, label: words.create };
  return (
    <Page title={words.title} description={words.description} help={properties.help}>
      <SpaceBetween size="l">
        <Freshness query={properties.query} />
        <CollectionTable<Row>
          label={words.title}
          items={rows}
          idOf={idOf}
          columns={columns}
          filtering={properties.filtering}
          filterPlaceholder={words.filter}
          {...(columns[0] === undefined ? {} : { sortedBy: columns[0] })}
          query={filter}
          onQuery={setFilter}
          selection={{
            selectionType: 'single',
            selectedItems: selected === undefined ? [] : [selected],
            onSelectionChange: ({ detail }) => {
              const [row] = detail.selectedItems;
              setChosen(row === undefined ? undefined : idOf(row));
            },
            itemLabel: (row) => words.select(row.name),
          }}
          actions={
            <EditActions
              create={create}
              editAt={selected === undefined ? undefined : editAt(selected)}
              unselected={words.selectOne}
              onDelete={() => {
                setIsDeleting(true);
              }}
            />
          }
          empty={
            <EmptyState title={words.emptyTitle} action={<CreateButton {...create} />}>
              {words.emptyText}
            </EmptyState>
          }
        />
      </SpaceBetween>
      {isDeleting && selected !== undefined && properties.deletion(selected, close)}
    </Page>
  );
}

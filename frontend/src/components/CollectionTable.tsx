/** A table over a list that the console has whole: filter, sorting and pages in the browser. */
import { useCollection } from '@cloudscape-design/collection-hooks';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';

import { common } from '../text/common';
import { EmptyState } from './EmptyState';

const PAGE_SIZE = 20;
/** Narrower than this, words break in the middle. */
const MIN_WIDTH = 135;

type Query = PropertyFilterProps.Query;

type Selection<Item> = Pick<
  TableProps<Item>,
  'selectionType' | 'selectedItems' | 'onSelectionChange' | 'isItemDisabled'
> & { itemLabel: (item: Item) => string };

/** Whether a filter is set. */
export type Filtering = 'ALL' | 'FILTERED';

type Properties<Item> = {
  label: string;
  headingTag?: 'h2' | 'h3';
  variant?: TableProps.Variant;
  description?: ReactNode;
  items: readonly Item[];
  idOf: (item: Item) => string;
  columns: readonly TableProps.ColumnDefinition<Item>[];
  filtering: readonly PropertyFilterProps.FilteringProperty[];
  filterPlaceholder: string;
  sortedBy?: TableProps.SortingColumn<Item>;
  query?: Query;
  onQuery?: (query: Query) => void;
  selection?: Selection<Item>;
  actions?: ReactNode;
  /** What can be done with everything that the filter leaves, on whatever page it is. */
  actionsOnMatching?: (matching: readonly Item[], filtering: Filtering) => ReactNode;
  empty: ReactNode;
  pageSize?: number;
  loading?: boolean;
  /** A filter over a list of one page is more to read than the list. */
  filter?: 'ALWAYS' | 'WHEN_LONG';
};

export function CollectionTable<Item>(properties: Properties<Item>) {
  const { label, items, idOf, columns, filtering, sortedBy, query, onQuery, empty } = properties;
  const { pageSize = PAGE_SIZE } = properties;
  const isShort = properties.filter === 'WHEN_LONG' && items.length <= pageSize;
  const collection = useCollection(items, {
    propertyFiltering: {
      filteringProperties: filtering,
      ...(query === undefined ? {} : { defaultQuery: query }),
    },
    pagination: { pageSize },
    sorting: sortedBy === undefined ? {} : { defaultState: { sortingColumn: sortedBy } },
    selection: { trackBy: idOf },
  });
  const { actions, filteredItemsCount = items.length } = collection;
  const noMatch = (
    <EmptyState
      title={common.matches(0)}
      action={
        <Button
          onClick={() => {
            actions.setPropertyFiltering({ tokens: [], operation: 'and' });
          }}
        >
          {common.clearFilter}
        </Button>
      }
    >
      {properties.filterPlaceholder}
    </EmptyState>
  );
  const { selection } = properties;
  const { sortingColumn } = collection.collectionProps;
  const isFiltered = collection.propertyFilterProps.query.tokens.length > 0;
  return (
    <Table<Item>
      variant={properties.variant ?? 'container'}
      items={collection.items}
      columnDefinitions={columns.map((column) => ({ minWidth: MIN_WIDTH, ...column }))}
      trackBy={idOf}
      enableKeyboardNavigation
      wrapLines
      loading={properties.loading ?? false}
      loadingText={common.loading}
      empty={isFiltered ? noMatch : empty}
      {...(sortingColumn === undefined ? {} : { sortingColumn })}
      sortingDescending={collection.collectionProps.sortingDescending ?? false}
      onSortingChange={(event) => {
        actions.setSorting(event.detail);
      }}
      {...selectionProperties(selection, label)}
      header={
        <Header
          variant={properties.headingTag ?? 'h2'}
          counter={counter(items.length, selection?.selectedItems?.length)}
          description={properties.description}
          actions={
            properties.actionsOnMatching?.(collection.allPageItems, isFiltered ? 'FILTERED' : 'ALL') ??
            properties.actions
          }
        >
          {label}
        </Header>
      }
      filter={
        isShort ? undefined : <PropertyFilter
          {...collection.propertyFilterProps}
          filteringAriaLabel={properties.filterPlaceholder}
          filteringPlaceholder={properties.filterPlaceholder}
          virtualScroll
          {...(isFiltered ? { countText: common.matches(filteredItemsCount) } : {})}
          onChange={(event) => {
            const asked = { ...event.detail, tokens: event.detail.tokens.map(normal) };
            collection.propertyFilterProps.onChange({ ...event, detail: asked });
            onQuery?.(asked);
          }}
        />
      }
      pagination={
        isShort ? undefined : (
          <Pagination {...collection.paginationProps} ariaLabels={common.pagination} />
        )
      }
    />
  );
}

/** The same letters as the rows have them, however they were typed. */
function normal(token: PropertyFilterProps.Token): PropertyFilterProps.Token {
  const { value } = token as { value: unknown };
  return typeof value === 'string' ? { ...token, value: value.normalize('NFC') } : token;
}

function counter(count: number, selected: number | undefined): string {
  return selected === undefined || selected === 0
    ? `(${count.toString()})`
    : `(${selected.toString()}/${count.toString()})`;
}

function selectionProperties<Item>(selection: Selection<Item> | undefined, label: string) {
  if (selection === undefined) {
    return { ariaLabels: { tableLabel: label } };
  }
  const { itemLabel, ...properties } = selection;
  return {
    ...properties,
    ariaLabels: {
      tableLabel: label,
      selectionGroupLabel: common.selectionLabels.selectionGroup,
      allItemsSelectionLabel: () => common.selectionLabels.allItems,
      itemSelectionLabel: (_: unknown, item: Item) => itemLabel(item),
    },
  };
}

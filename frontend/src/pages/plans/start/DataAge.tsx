import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';

import type { SourceServer } from '../../../api/types';
import { CollectionTable } from '../../../components/CollectionTable';
import { filterProperty, type FilterPropertyOf } from '../../../lib/filter-property';
import { lagText, ReplicationState, stateText } from '../../../components/Replication';
import { nameOf, serverText } from '../../../lib/server-name';
import { ServerName } from '../../../components/ServerName';
import { groups } from '../../../text/groups';
import { start as words } from '../../../text/plans';
import { oldest, type Outlook } from './outlook';
import type { StartWish } from './wish';

type Properties = {
  outlook: Outlook;
  wish: StartWish;
  onChange: (members: Partial<StartWish>) => void;
};

type Row = SourceServer & { name: string; state: string };

const PAGE_SIZE = 10;
const COLUMNS: TableProps.ColumnDefinition<Row>[] = [
  { id: 'name', header: groups.serverColumns.server, isRowHeader: true, cell: (row) => <ServerName server={row} /> },
  { id: 'lag', header: groups.serverColumns.lag, cell: lagText },
  {
    id: 'state',
    header: groups.serverColumns.state,
    cell: (row) => <ReplicationState state={row.replicationState} />,
  },
];
const property: FilterPropertyOf<Row> = filterProperty;
const FILTERING = [
  property('name', groups.serverColumns.hostname),
  property('sourceServerId', groups.serverColumns.id),
  property('state', groups.serverColumns.state),
];

/** How old the data of each server is, the oldest first. */
export function DataAge({ outlook, wish, onChange }: Properties) {
  const worst = oldest(outlook.servers);
  if (worst === undefined) {
    return null;
  }
  const rows = outlook.servers
    .map((server): Row => ({ ...server, name: nameOf(server), state: stateText(server) }))
    .sort((one, other) => (other.lagSeconds ?? Infinity) - (one.lagSeconds ?? Infinity));
  return (
    <SpaceBetween size="s">
      <div>
        <Box variant="h3" padding="n">
          {words.dataAge}
        </Box>
        {words.oldest(serverText(worst), lagText(worst))}
        <ExpandableSection headerText={words.showServers}>
          <CollectionTable<Row>
            label={words.dataAge}
            headingTag="h3"
            variant="embedded"
            filter="WHEN_LONG"
            items={rows}
            idOf={(row) => row.sourceServerId}
            columns={COLUMNS}
            filtering={FILTERING}
            filterPlaceholder={groups.filterServers}
            pageSize={PAGE_SIZE}
            empty={words.noServers}
          />
        </ExpandableSection>
      </div>
      {outlook.lagging.length > 0 && (
        <FormField
          stretch
          label={`${words.lagging(outlook.lagging.length)}: ${words.acknowledgeLag}`}
          constraintText={words.lagHint}
        >
          <Input
            value={wish.lag}
            onChange={({ detail }) => {
              onChange({ lag: detail.value });
            }}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

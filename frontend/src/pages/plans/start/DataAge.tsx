import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';

import { lagText, ReplicationState } from '../../../components/Replication';
import { groups } from '../../../text/groups';
import { start as words } from '../../../text/plans';
import { nameOf, oldest, type Outlook } from './outlook';
import type { StartWish } from './wish';

type Properties = {
  outlook: Outlook;
  wish: StartWish;
  onChange: (members: Partial<StartWish>) => void;
};

/** How old the data of each server is, the oldest first. */
export function DataAge({ outlook, wish, onChange }: Properties) {
  const worst = oldest(outlook.servers);
  if (worst === undefined) {
    return null;
  }
  const servers = [...outlook.servers].sort(
    (one, other) => (other.lagSeconds ?? Infinity) - (one.lagSeconds ?? Infinity),
  );
  return (
    <SpaceBetween size="s">
      <div>
        <Box variant="h3" padding="n">
          {words.dataAge}
        </Box>
        {words.oldest(nameOf(worst), lagText(worst))}
        <ExpandableSection headerText={words.showServers}>
          <Table
            variant="embedded"
            items={servers}
            trackBy="sourceServerId"
            ariaLabels={{ tableLabel: words.dataAge }}
            columnDefinitions={[
              { id: 'name', header: groups.serverColumns.hostname, isRowHeader: true, cell: (server) => nameOf(server) },
              { id: 'lag', header: groups.serverColumns.lag, cell: lagText },
              {
                id: 'state',
                header: groups.serverColumns.state,
                cell: (server) => <ReplicationState state={server.replicationState} />,
              },
            ]}
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

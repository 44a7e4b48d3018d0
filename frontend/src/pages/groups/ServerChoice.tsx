import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { SourceServer } from '../../api/types';
import { ChoiceButtons } from '../../components/ChoiceButtons';
import { CollectionTable } from '../../components/CollectionTable';
import { serverText } from '../../lib/server-name';
import { ServerName } from '../../components/ServerName';
import { ShortList } from '../../components/ShortList';
import { groupsQuery } from '../../queries/groups';
import { useServices } from '../../services';
import { groups as words } from '../../text/groups';
import { serverColumns, serverFiltering, serverRow, type ServerRow } from './server-table';

type Properties = {
  servers: readonly SourceServer[];
  ownId: string | undefined;
  chosen: readonly string[];
  fault: string;
  onChange: (chosen: readonly string[]) => void;
};

/** Chooses servers; what a filter or a page hides stays chosen. */
export function ServerChoice({ servers, ownId, chosen, fault, onChange }: Properties) {
  const { api } = useServices();
  const { data: groups } = useSuspenseQuery(groupsQuery(api));
  const rows = useMemo(
    () => servers.map((server) => serverRow(server, ownId, groups)),
    [servers, ownId, groups],
  );
  const known = useMemo(() => new Set(rows.map((row) => row.sourceServerId)), [rows]);
  const isChosen = useMemo(() => new Set(chosen), [chosen]);
  const gone = chosen.filter((id) => !known.has(id));
  return (
    <SpaceBetween size="s">
      {gone.length > 0 && (
        <Alert
          type="warning"
          action={
            <Button
              onClick={() => {
                onChange(chosen.filter((id) => known.has(id)));
              }}
            >
              {words.removeGone(gone.length)}
            </Button>
          }
        >
          {words.goneText(gone.length)}
          <ShortList
            items={gone}
            keyOf={(id) => id}
            render={(sourceServerId) => <ServerName server={{ sourceServerId }} />}
          />
        </Alert>
      )}
      <div data-faulty={fault !== ''}>
        <FormField stretch errorText={fault}>
          <CollectionTable<ServerRow>
            label={words.serversTitle}
            description={words.serversHint}
            items={rows}
            idOf={(row) => row.sourceServerId}
            columns={serverColumns}
            filtering={serverFiltering}
            filterPlaceholder={words.filterServers}
            {...(serverColumns[0] === undefined ? {} : { sortedBy: serverColumns[0] })}
            selection={{
              selectionType: 'multi',
              selectedItems: rows.filter((row) => isChosen.has(row.sourceServerId)),
              isItemDisabled: (row) => !row.isFree,
              onSelectionChange: ({ detail }) => {
                onChange([...gone, ...detail.selectedItems.map((row) => row.sourceServerId)]);
              },
              itemLabel: (row) => words.selectServer(serverText(row)),
            }}
            actionsOnMatching={(matching, filtering) => (
              <ChoiceButtons
                matching={matching.filter((row) => row.isFree).map((row) => row.sourceServerId)}
                filtering={filtering}
                noun={words.freeServer}
                chosen={chosen}
                onChange={onChange}
              />
            )}
            empty={null}
          />
        </FormField>
      </div>
    </SpaceBetween>
  );
}

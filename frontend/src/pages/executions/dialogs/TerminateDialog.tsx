import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useRef, useState } from 'react';

import type { Execution } from '../../../api/types';
import { CollectionTable } from '../../../components/CollectionTable';
import { CommandDialog } from '../../../components/CommandDialog';
import { filterProperty, type FilterPropertyOf } from '../../../lib/filter-property';
import { nameOf } from '../../../lib/server-name';
import { ServerName } from '../../../components/ServerName';
import { useFocusOnFault } from '../../../lib/focus-on-fault';
import { isSameName } from '../../../lib/same-name';
import { useCommand } from '../../../queries/commands';
import { commands as words, page } from '../../../text/executions';
import { liveInstances, type Instance } from '../instances';

type Properties = { execution: Execution; onClose: () => void };

type Row = { id: string; sourceServerId: string; hostname: string | null; name: string };

const PAGE_SIZE = 10;
const titles = page.cleanUpColumns;
const COLUMNS: TableProps.ColumnDefinition<Row>[] = [
  { id: 'instance', header: titles.instance, isRowHeader: true, cell: (row) => row.id },
  { id: 'server', header: titles.server, cell: (row) => <ServerName server={row} /> },
];
const property: FilterPropertyOf<Row> = filterProperty;
const FILTERING = [
  property('id', titles.instance),
  property('name', titles.server),
  property('sourceServerId', titles.id),
];

function rowOf({ id, server: { sourceServerId, hostname } }: Instance): Row {
  return { id, sourceServerId, hostname, name: nameOf({ sourceServerId, hostname }) };
}

/** Lists exactly what goes, and asks for the name of the plan. */
export function TerminateDialog({ execution, onClose }: Properties) {
  const [name, setName] = useState('');
  const [tried, setTried] = useState(0);
  const content = useRef<HTMLDivElement>(null);
  const command = useCommand(execution.executionId);
  useFocusOnFault(content, tried === 0 ? undefined : tried);
  const rows = liveInstances(execution).map(rowOf);
  const isRight = isSameName(name, execution.recoveryPlanName);
  return (
    <CommandDialog
      size="large"
      title={words.terminate.title}
      confirm={words.terminate.button(rows.length)}
      dismiss={words.goBack}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        setTried((times) => times + 1);
        if (isRight) {
          command.mutate(
            { action: 'terminateInstances', confirm: execution.recoveryPlanName },
            { onSuccess: onClose },
          );
        }
      }}
    >
      <div ref={content}>
        <SpaceBetween size="m">
          <Alert type="warning">{words.terminate.text}</Alert>
          <CollectionTable<Row>
            label={words.terminate.list}
            headingTag="h3"
            variant="embedded"
            filter="WHEN_LONG"
            items={rows}
            idOf={(row) => row.id}
            columns={COLUMNS}
            filtering={FILTERING}
            filterPlaceholder={page.filterInstances}
            pageSize={PAGE_SIZE}
            empty={words.terminate.none}
          />
          <FormField
            stretch
            label={words.terminate.type(execution.recoveryPlanName)}
            errorText={tried > 0 && !isRight ? words.terminate.differs : ''}
          >
            <Input
              value={name}
              autoComplete={false}
              onChange={({ detail }) => {
                setName(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </div>
    </CommandDialog>
  );
}

import { memo, useMemo } from 'react';

import type { Execution } from '../../api/types';
import { CollectionTable } from '../../components/CollectionTable';
import { page as words } from '../../text/executions';
import { rowsOf, serverColumns, serverFiltering, type ServerRow } from './server-table';

type Properties = Pick<Execution, 'waves' | 'cleanUp'>;

const PAGE_SIZE = 25;
const idOf = ({ id, wave }: ServerRow) => `${wave} ${id}`;

/** Every server; with hundreds of them only a page is in the document. */
export const Servers = memo(function Servers({ waves, cleanUp }: Properties) {
  const rows = useMemo(() => rowsOf({ waves, cleanUp }), [waves, cleanUp]);
  return (
    <CollectionTable<ServerRow>
      label={words.tabs.servers}
      variant="embedded"
      items={rows}
      idOf={idOf}
      columns={serverColumns}
      filtering={serverFiltering}
      filterPlaceholder={words.filterServers}
      pageSize={PAGE_SIZE}
      empty={words.noServers}
    />
  );
});

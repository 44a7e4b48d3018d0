import { memo, useMemo } from 'react';

import type { Wave } from '../../api/types';
import { CollectionTable } from '../../components/CollectionTable';
import { page as words } from '../../text/executions';
import { rowsOf, serverColumns, serverFiltering, type ServerRow } from './server-table';

const PAGE_SIZE = 25;
const idOf = ({ id, wave }: ServerRow) => `${wave} ${id}`;

/** Every server; with hundreds of them only a page is in the document. */
export const Servers = memo(function Servers({ waves }: { waves: readonly Wave[] }) {
  const rows = useMemo(() => rowsOf(waves), [waves]);
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

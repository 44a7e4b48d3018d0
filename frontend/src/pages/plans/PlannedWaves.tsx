import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';

import type { PlannedWave, ProtectionGroup } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { needOrElse } from '../../text/need';
import { OutsideText } from '../../components/OutsideText';
import { WaveStart } from '../../components/WaveStart';
import { plural } from '../../lib/plural';
import { shown } from '../../lib/shown';
import { paths } from '../../paths';
import { plans } from '../../text/plans';
import { membersOf } from './members';

type Properties = { waves: readonly PlannedWave[]; groups: readonly ProtectionGroup[] };

const { columns: words } = plans;

/** The waves of a plan in full; what the graph shows, as a table. */
export function PlannedWaves({ waves, groups }: Properties) {
  return (
    <Table
      items={waves}
      trackBy="key"
      wrapLines
      columnDefinitions={columnsOf(waves, groups)}
      ariaLabels={{ tableLabel: plans.waves }}
      header={
        <Header variant="h2" counter={`(${waves.length.toString()})`}>
          {plans.waves}
        </Header>
      }
    />
  );
}

function columnsOf(
  waves: readonly PlannedWave[],
  groups: readonly ProtectionGroup[],
): TableProps.ColumnDefinition<PlannedWave>[] {
  const nameOf = (key: string) => shown(waves.find((wave) => wave.key === key)?.name ?? key);
  return [
    { id: 'name', header: words.name, isRowHeader: true, minWidth: 105, cell: NameAndKey },
    {
      id: 'groups',
      header: words.groups,
      minWidth: 115,
      cell: (wave) => <GroupLinks ids={wave.protectionGroupIds} groups={groups} />,
    },
    {
      id: 'servers',
      header: words.servers,
      minWidth: 100,
      cell: (wave) =>
        wave.sourceServerIds === null
          ? plural(membersOf(wave, groups).length, 'server')
          : plans.onlySome(wave.sourceServerIds.length),
    },
    {
      id: 'after',
      header: words.after,
      minWidth: 110,
      cell: (wave) => <WaveStart dependsOn={wave.dependsOn} hasGate={wave.pauseBefore} nameOf={nameOf} />,
    },
    { id: 'need', header: words.need, minWidth: 140, cell: NeedAndLimit },
  ];
}

function NameAndKey({ name, key }: PlannedWave) {
  return (
    <>
      <OutsideText>{name}</OutsideText>
      <div>
        <code>{key}</code>
      </div>
    </>
  );
}

/** When it counts as a success, and what happens when it does not. */
function NeedAndLimit({ need, onFailure, timeLimitMinutes }: PlannedWave) {
  return (
    <>
      {needOrElse(need, onFailure)}
      <div>{plans.limitOf(timeLimitMinutes)}</div>
    </>
  );
}

function GroupLinks({ ids, groups }: { ids: readonly string[]; groups: readonly ProtectionGroup[] }) {
  return ids.map((id) => (
    <div key={id}>
      <InternalLink href={paths.group(id)}>
        <OutsideText>
          {groups.find((group) => group.protectionGroupId === id)?.name ?? plans.unknownGroup(id)}
        </OutsideText>
      </InternalLink>
    </div>
  ));
}

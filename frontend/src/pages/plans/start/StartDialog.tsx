import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';

import type { Kind, ProtectionGroup, RecoveryPlan } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { useFocusOnFault } from '../../../lib/focus-on-fault';
import { paths } from '../../../paths';
import { useStart } from '../../../queries/commands';
import { useServices } from '../../../services';
import { start as words } from '../../../text/plans';
import { takeOver as takeOverWords } from '../../../text/take-over';
import { membersOf } from '../members';
import { useLooks } from '../servers';
import { ConfirmFields } from './ConfirmFields';
import { DataAge } from './DataAge';
import { DrillIsolation } from './DrillIsolation';
import { EMPTY_WISH, faultsOfWish, requestOf, type StartWish } from './wish';
import { Instances } from './Instances';
import { NotReady } from './NotReady';
import { outlookOf, type Outlook } from './outlook';
import { keptServers, useTakeOver } from './take-over';
import { TakeOverFields } from './TakeOverFields';
import { Where } from './Where';

type Properties = {
  kind: Kind;
  plan: RecoveryPlan;
  groups: readonly ProtectionGroup[];
  /** The recovery that the person came from to continue it. */
  continueFrom: string | undefined;
  onClose: () => void;
};

/** Says everything that a start will do, and asks for what it takes. */
export function StartDialog({ kind, plan, groups, continueFrom, onClose }: Properties) {
  const { notifications } = useServices();
  const navigate = useNavigate();
  const [wish, setWish] = useState<StartWish>({ ...EMPTY_WISH, continueFrom: continueFrom ?? '' });
  const [tried, setTried] = useState(0);
  const content = useRef<HTMLDivElement>(null);
  const members = plan.waves.flatMap((wave) => membersOf(wave, groups));
  const looks = useLooks(members.map(({ group }) => group));
  const command = useStart();
  const sourceServerIds = members.map(({ sourceServerId }) => sourceServerId);
  const takeOver = useTakeOver({ kind, plan, sourceServerIds, continueFrom, refusal: command.error });
  const outlook = outlookOf(kind, plan, groups, looks, {
    servers: takeOver.before === undefined ? [] : keptServers(takeOver.before),
    isWished: wish.continueFrom !== '',
  });
  const faults = faultsOfWish(kind, plan, outlook, wish);
  const shown = tried === 0 ? {} : faults;
  useFocusOnFault(content, tried === 0 ? undefined : tried);
  const change = (members: Partial<StartWish>) => {
    setWish((now) => ({ ...now, ...members }));
  };
  const confirm = () => {
    setTried((times) => times + 1);
    if (Object.keys(faults).length > 0) {
      return;
    }
    command.mutate(requestOf(kind, plan, outlook, wish), {
      onSuccess: ({ executionId }) => {
        const word = kind === 'DRILL' ? words.drillWord : words.recoveryWord;
        notifications.add({ type: 'success', content: words.started(word, plan.name) });
        void navigate(paths.execution(executionId));
      },
    });
  };
  const isDrill = kind === 'DRILL';
  return (
    <CommandDialog
      size="large"
      title={(isDrill ? words.drillTitle : words.recoveryTitle)(plan.name)}
      confirm={buttonText(kind, wish, outlook)}
      command={command}
      onConfirm={confirm}
      onClose={onClose}
    >
      <div ref={content}>
        <SpaceBetween size="l">
          <Alert type={isDrill ? 'info' : 'warning'}>
            {isDrill ? words.drillMeaning : words.recoveryMeaning}
          </Alert>
          <Where outlook={outlook} waveCount={plan.waves.length} />
          {outlook.isPending && (
            <span role="status">
              <Spinner /> {words.looking}
            </span>
          )}
          <NotReady kind={kind} outlook={outlook} />
          <DataAge outlook={outlook} wish={wish} onChange={change} />
          <TakeOverFields
            takeOver={takeOver}
            outlook={outlook}
            wish={wish}
            faults={shown}
            onChange={change}
          />
          <Instances kind={kind} outlook={outlook} wish={wish} faults={shown} onChange={change} />
          {isDrill && (
            <DrillIsolation outlook={outlook} wish={wish} faults={shown} onChange={change} />
          )}
          <ConfirmFields
            kind={kind}
            plan={plan}
            outlook={outlook}
            wish={wish}
            faults={shown}
            onChange={change}
          />
        </SpaceBetween>
      </div>
    </CommandDialog>
  );
}

function buttonText(kind: Kind, wish: StartWish, { serverCount, launchCount }: Outlook): string {
  if (kind === 'DRILL') {
    return words.drillButton(serverCount);
  }
  return wish.continueFrom === ''
    ? words.recoveryButton(serverCount)
    : takeOverWords.continueButton(launchCount);
}

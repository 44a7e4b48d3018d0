/** What became of what a person did, at the top of every page until it is dismissed. */
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { useSyncExternalStore } from 'react';

import { useServices } from '../services';
import { shell } from '../text/shell';

export function NotificationBar() {
  const { notifications } = useServices();
  const list = useSyncExternalStore(notifications.subscribe, notifications.list);
  const items = list.map(
    (message): FlashbarProps.MessageDefinition => ({
      ...message,
      dismissible: true,
      dismissLabel: shell.dismiss,
      ariaRole: message.type === 'error' ? 'alert' : 'status',
      onDismiss: () => {
        notifications.dismiss(message.id);
      },
    }),
  );
  return <Flashbar items={items} stackItems={items.length > 3} />;
}

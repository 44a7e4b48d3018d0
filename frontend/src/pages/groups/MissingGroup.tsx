import { EmptyState } from '../../components/EmptyState';
import { InternalLink } from '../../components/InternalLink';
import { paths } from '../../paths';
import { groups as words } from '../../text/groups';

export function MissingGroup({ id }: { id: string }) {
  return (
    <EmptyState
      title={words.missingTitle}
      action={<InternalLink href={paths.groups()}>{words.all}</InternalLink>}
    >
      {words.missingText(id)}
    </EmptyState>
  );
}

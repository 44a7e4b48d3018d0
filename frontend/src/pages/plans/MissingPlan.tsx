import { EmptyState } from '../../components/EmptyState';
import { InternalLink } from '../../components/InternalLink';
import { paths } from '../../paths';
import { plans as words } from '../../text/plans';

export function MissingPlan({ id }: { id: string }) {
  return (
    <EmptyState
      title={words.missingTitle}
      action={<InternalLink href={paths.plans()}>{words.all}</InternalLink>}
    >
      {words.missingText(id)}
    </EmptyState>
  );
}

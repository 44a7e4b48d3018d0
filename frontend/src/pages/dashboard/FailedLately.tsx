import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';

import { capitalised } from '../../api/error';
import type { ExecutionStatistics } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { SentenceText } from '../../components/SentenceText';
import { Status } from '../../components/Status';
import { EXECUTION_STATUS } from '../../text/status-words';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { dashboard as words } from '../../text/dashboard';
import { executions as executionWords, page as executionPage } from '../../text/executions';

type Properties = { failures: ExecutionStatistics['failures'] };

/** The last executions that ended and not as they should; the header counts all of them. */
export function FailedLately({ failures }: Properties) {
  return (
    <Table
      items={failures.last}
      trackBy="executionId"
      wrapLines
      ariaLabels={{ tableLabel: words.failed }}
      header={
        <Header variant="h2" counter={`(${failures.count.toString()})`}>
          {words.failed}
        </Header>
      }
      empty={words.failedNone}
      columnDefinitions={[
        {
          id: 'plan',
          header: executionWords.columns.plan,
          isRowHeader: true,
          minWidth: 120,
          cell: (item) => (
            <InternalLink href={paths.execution(item.executionId)}>
              <OutsideText>{item.recoveryPlanName}</OutsideText>
            </InternalLink>
          ),
        },
        {
          id: 'status',
          header: executionWords.columns.status,
          minWidth: 120,
          cell: (item) => <Status sign={EXECUTION_STATUS[item.status]} />,
        },
        {
          id: 'ended',
          header: words.ended,
          minWidth: 110,
          cell: (item) =>
            item.endedAt === null ? common.none : <RelativeTime time={item.endedAt} />,
        },
        {
          id: 'reason',
          header: words.reason,
          minWidth: 150,
          cell: (item) =>
            item.statusReason === null ? (
              common.none
            ) : (
              <SentenceText whole={executionPage.wholeOnPage}>{capitalised(item.statusReason)}</SentenceText>
            ),
        },
      ]}
    />
  );
}

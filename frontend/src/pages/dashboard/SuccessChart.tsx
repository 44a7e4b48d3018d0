import BarChart from '@cloudscape-design/components/bar-chart';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import * as tokens from '@cloudscape-design/design-tokens';

import { dashboard as words } from '../../text/dashboard';
import type { Week } from './history';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

type Properties = { weeks: readonly Week[]; lookedAt: number | undefined };

/** How executions ended, week by week. */
export function SuccessChart({ weeks, lookedAt }: Properties) {
  const series = (
    [
      ['completed', words.completed, tokens.colorChartsStatusPositive],
      ['partial', words.partial, tokens.colorChartsStatusMedium],
      ['other', words.other, tokens.colorChartsStatusHigh],
    ] as const
  ).map(([key, title, color]) => ({
    title,
    type: 'bar' as const,
    color,
    data: weeks.map((week) => ({ x: DAY.format(week.start), y: week[key] })),
  }));
  const most = Math.max(...weeks.map(({ completed, partial, other }) => completed + partial + other));
  const sample = lookedAt === undefined ? '' : ` ${words.sampled(lookedAt)}`;
  return (
    <Container
      header={
        <Header variant="h2" description={`${words.successText}${sample}`}>
          {words.success}
        </Header>
      }
    >
      {most === 0 ? (
        words.noHistory
      ) : (
        <BarChart
          stackedBars
          hideFilter
          height={180}
          series={series}
          xDomain={weeks.map((week) => DAY.format(week.start))}
          yDomain={[0, Math.max(4, most)]}
          xTitle={words.week}
          yTitle={words.count}
          xScaleType="categorical"
          ariaLabel={words.chartLabel}
        />
      )}
    </Container>
  );
}

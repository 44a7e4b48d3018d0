import BarChart from '@cloudscape-design/components/bar-chart';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import * as tokens from '@cloudscape-design/design-tokens';
import { useState } from 'react';

import type { ExecutionStatistics, Kind } from '../../api/types';
import { dashboard as words } from '../../text/dashboard';
import { weeksOf } from './history';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

type Properties = { statistics: ExecutionStatistics; now: number };
type Choice = Kind | 'all';

const CHOICES: readonly Choice[] = ['all', 'DRILL', 'RECOVERY'];

/** How executions ended, week by week. */
export function SuccessChart({ statistics, now }: Properties) {
  const [choice, setChoice] = useState<Choice>('all');
  const weeks = weeksOf(statistics.days, choice === 'all' ? undefined : choice, now);
  const first = weeks[0]?.start.toISOString() ?? '';
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
  const gap = statistics.from > first ? ` ${words.countedSince(statistics.from)}` : '';
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${words.successText}${gap}`}
          actions={<KindChoice choice={choice} onChange={setChoice} />}
        >
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

type ChoiceProperties = { choice: Choice; onChange: (choice: Choice) => void };

function KindChoice({ choice, onChange }: ChoiceProperties) {
  return (
    <SegmentedControl
      label={words.kinds.label}
      selectedId={choice}
      options={CHOICES.map((id) => ({ id, text: words.kinds[id] }))}
      onChange={({ detail }) => {
        onChange(CHOICES.find((id) => id === detail.selectedId) ?? 'all');
      }}
    />
  );
}

import * as tokens from '@cloudscape-design/design-tokens';

import { serverText } from '../../lib/server-name';
import { SIGN_COLOR, SIGN_GLYPH } from '../../lib/sign-colors';
import { shortened } from '../../lib/shortened';
import { shown } from '../../lib/shown';
import { absoluteTime, duration } from '../../lib/time';
import { timeline as words } from '../../text/executions';
import type { Mixture, Segment, SegmentKind, Timeline, TimelineRow, Trouble } from './timeline';

const LABEL_WIDTH = 170;
const BAR_WIDTH = 590;
/** For the mark of a row that ends at the right edge. */
const MARK_WIDTH = 90;
const ROW_HEIGHT = 32;
/** Below the bar of a wave: its servers by their phases. */
const MIXTURE_HEIGHT = 22;
const TOP = 28;
const LETTER_ROOM = 14;
const LABEL_LENGTH_MAX = 22;
const TICKS = 6;

/** White letters are read on each of these. */
export const SEGMENT_COLOR: Record<SegmentKind, string> = {
  WAVE: tokens.colorChartsPaletteCategorical1,
  HOLD: tokens.colorChartsPaletteCategorical2,
  CLEANUP: tokens.colorChartsPaletteCategorical11,
  SNAPSHOT: tokens.colorChartsPaletteCategorical3,
  CONVERSION: tokens.colorChartsPaletteCategorical4,
  LAUNCH: tokens.colorChartsPaletteCategorical5,
};

type Properties = { timeline: Timeline; rows: readonly TimelineRow[] };

/** The rows of one page over the time of the whole execution. */
export function TimelinePicture({ timeline, rows }: Properties) {
  const { from, to } = timeline;
  const width = LABEL_WIDTH + BAR_WIDTH + MARK_WIDTH;
  const tops = topsOf(rows);
  const height = (tops.at(-1) ?? TOP) + 8;
  const x = (time: number) => LABEL_WIDTH + (BAR_WIDTH * (time - from)) / Math.max(1, to - from);
  const label = words.label(absoluteTime(from), absoluteTime(to));
  return (
    <div role="region" aria-label={label} tabIndex={0} className="wide-picture">
      <svg
        role="img"
        aria-label={label}
        width={width}
        height={height}
        fontFamily={tokens.fontFamilyBase}
        fontSize={12}
        fill={tokens.colorTextBodyDefault}
      >
        <Axis from={from} to={to} height={height} x={x} />
        {rows.map((row, index) => (
          <Row key={row.id} row={row} y={tops[index] ?? TOP} x={x} />
        ))}
      </svg>
    </div>
  );
}

/** Where each row begins, and where the last one ends. */
function topsOf(rows: readonly TimelineRow[]): number[] {
  const tops = [TOP];
  for (const { mixtures } of rows) {
    const height = mixtures.length === 0 ? ROW_HEIGHT : ROW_HEIGHT + MIXTURE_HEIGHT;
    tops.push((tops.at(-1) ?? TOP) + height);
  }
  return tops;
}

type AxisProperties = { from: number; to: number; height: number; x: (time: number) => number };

function Axis({ from, to, height, x }: AxisProperties) {
  const times = Array.from({ length: TICKS }, (_, tick) => from + ((to - from) * tick) / (TICKS - 1));
  return times.map((time) => (
    <g key={time}>
      <line
        x1={x(time)}
        x2={x(time)}
        y1={TOP - 6}
        y2={height}
        stroke={tokens.colorBorderDividerDefault}
      />
      <text x={x(time)} y={14} textAnchor="middle" fill={tokens.colorTextBodySecondary}>
        +{duration(time - from)}
      </text>
    </g>
  ));
}

function Row({ row, y, x }: { row: TimelineRow; y: number; x: (time: number) => number }) {
  const { label, server } = row;
  const isNamed = server !== undefined && server.sourceServerId !== label;
  return (
    <g>
      <svg x={server === undefined ? 0 : 14} y={y} width={LABEL_WIDTH - 20} height={ROW_HEIGHT}>
        <title>{label}</title>
        <text className="isolated" y={isNamed ? 12 : 18} fontWeight={server === undefined ? 700 : 400}>
          {shortened(label, LABEL_LENGTH_MAX)}
        </text>
      </svg>
      {isNamed && (
        <text x={14} y={y + 25} fontSize={10} fill={tokens.colorTextBodySecondary}>
          {server.sourceServerId}
        </text>
      )}
      {row.mixtures.map((mixture) => (
        <Stack key={mixture.from} row={row} mixture={mixture} y={y + ROW_HEIGHT - 4} x={x} />
      ))}
      {row.segments.map((segment, index) => (
        <Bar
          key={`${segment.kind} ${index.toString()}`}
          label={server === undefined ? shown(label) : serverText(server)}
          segment={segment}
          y={y}
          x={x}
        />
      ))}
      {row.trouble !== undefined && <Mark row={row} trouble={row.trouble} y={y} x={x} />}
    </g>
  );
}

type StackProperties = { row: TimelineRow; mixture: Mixture; y: number; x: (time: number) => number };

/** The servers of a wave from one count to the next, each phase as high as it has servers. */
function Stack({ row, mixture: { from, to, counts }, y, x }: StackProperties) {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const unit = MIXTURE_HEIGHT / Math.max(1, row.serverCount, all);
  const said = counts.map(({ phase, count }) => words.inPhase(words.kinds[phase].label, count));
  return (
    <g>
      <title>{words.mixture(shown(row.label), absoluteTime(from), said.join(', '))}</title>
      {counts.map(({ phase, count }, index) => {
        const below = counts.slice(0, index + 1).reduce((sum, part) => sum + part.count, 0);
        return (
          <rect
            key={phase}
            x={x(from)}
            y={y + MIXTURE_HEIGHT - below * unit}
            width={Math.max(1, x(to) - x(from))}
            height={count * unit}
            fill={SEGMENT_COLOR[phase]}
          />
        );
      })}
    </g>
  );
}

type MarkProperties = { row: TimelineRow; trouble: Trouble; y: number; x: (time: number) => number };

/** That it went wrong: behind the last bar, by a shape, by a word, and by colour besides. */
function Mark({ row, trouble: { sign, reason, at }, y, x }: MarkProperties) {
  const { server } = row;
  const name = server === undefined ? shown(row.label) : serverText(server);
  return (
    <text x={x(at) + 6} y={y + 19} fontWeight={700} fill={SIGN_COLOR[sign.type]}>
      <title>{words.trouble(name, sign.label, reason)}</title>
      {SIGN_GLYPH[sign.type]} {sign.label}
    </text>
  );
}

type BarProperties = {
  label: string;
  segment: Segment;
  y: number;
  x: (time: number) => number;
};

function Bar({ label, segment, y, x }: BarProperties) {
  const { kind, from, to, isOpen, isFailed } = segment;
  const left = x(from);
  const width = Math.max(2, x(to) - left);
  const words_ = words.kinds[kind];
  return (
    <g>
      <title>{words.bar(label, words_.label, duration(to - from), endOf(segment))}</title>
      <rect x={left} y={y + 6} width={width} height={18} rx={3} fill={SEGMENT_COLOR[kind]} />
      {isFailed && !isOpen && (
        <rect
          x={left}
          y={y + 6}
          width={width}
          height={18}
          rx={3}
          fill="none"
          stroke={SIGN_COLOR.error}
          strokeWidth={3}
        />
      )}
      {width > LETTER_ROOM && (
        <text
          x={left + width / 2}
          y={y + 19}
          textAnchor="middle"
          fontWeight={700}
          fill={tokens.colorBackgroundContainerContent}
        >
          {words_.letter}
        </text>
      )}
    </g>
  );
}

function endOf({ isOpen, isFailed }: Segment): string {
  if (isOpen) {
    return words.open;
  }
  return isFailed ? words.failed : '';
}

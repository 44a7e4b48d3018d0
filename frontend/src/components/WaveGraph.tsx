import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import * as tokens from '@cloudscape-design/design-tokens';
import { memo } from 'react';

import { layout, type Placed } from '../lib/graph';
import { shortened } from '../lib/shortened';
import { shown, visible } from '../lib/shown';
import { graph as words } from '../text/graph';
import { SIGN_COLOR, SIGN_GLYPH } from '../lib/sign-colors';

export type GraphWave = {
  key: string;
  name: string;
  dependsOn: readonly string[];
  hasGate: boolean;
  /** A line below the name, such as how many servers. */
  detail: string;
  sign?: { type: StatusIndicatorProps.Type; label: string };
};

const WIDTH = 208;
const HEIGHT = 76;
const GAP_X = 64;
const GAP_Y = 20;
const MARGIN = 14;
const NAME_LENGTH_MAX = 24;

/** Waves and what they wait for, as a picture that its label tells in words. */
export const WaveGraph = memo(function WaveGraph({ waves }: { waves: readonly GraphWave[] }) {
  const { nodes, layers, rows } = layout(waves);
  const width = layers * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
  const height = rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
  const placedOf = new Map(nodes.map((placed) => [placed.node.key, placed]));
  if (waves.length === 0) {
    return words.empty;
  }
  return (
    <div role="region" aria-label={words.region} tabIndex={0} className="wide-picture">
      <svg
        role="img"
        aria-label={waves.map((wave) => sentenceOf(wave, waves)).join(' ')}
        width={width}
        height={height}
        viewBox={`0 0 ${width.toString()} ${height.toString()}`}
        fontFamily={tokens.fontFamilyBase}
      >
        {nodes.flatMap((to) =>
          to.node.dependsOn.flatMap((key) => {
            const from = placedOf.get(key);
            return from === undefined || from === to
              ? []
              : [<Arrow key={`${key} ${to.node.key}`} from={from} to={to} />];
          }),
        )}
        {nodes.map((placed) => (
          <Node key={placed.node.key} placed={placed} />
        ))}
      </svg>
    </div>
  );
});

function Node({ placed }: { placed: Placed<GraphWave> }) {
  const { name, detail, sign, hasGate } = placed.node;
  // The mark of a gate stands on the left edge.
  const left = hasGate ? 22 : 14;
  const color = sign === undefined ? tokens.colorBorderItemFocused : SIGN_COLOR[sign.type];
  return (
    <g transform={`translate(${xOf(placed).toString()} ${yOf(placed).toString()})`}>
      <rect
        width={WIDTH}
        height={HEIGHT}
        rx={10}
        fill={tokens.colorBackgroundContainerContent}
        stroke={color}
        strokeWidth={2}
      />
      <title>{shown(name)}</title>
      <svg x={left} width={WIDTH - left - 8} height={HEIGHT}>
        <text className="isolated" y={26} fontSize={14} fontWeight={700} fill={tokens.colorTextHeadingDefault}>
          {shortened(visible(name), NAME_LENGTH_MAX)}
        </text>
      </svg>
      <text x={left} y={46} fontSize={12} fill={tokens.colorTextBodySecondary}>
        {detail}
      </text>
      {sign !== undefined && (
        <text x={left} y={64} fontSize={12} fontWeight={700} fill={color}>
          {SIGN_GLYPH[sign.type]} {sign.label}
        </text>
      )}
      {hasGate && <GateMark />}
    </g>
  );
}

/** The mark of a gate by itself, for a legend. */
export function GateGlyph() {
  return (
    <svg width={15} height={17} viewBox="-13 -15 26 30" style={{ verticalAlign: 'text-bottom' }}>
      <GateSign />
    </svg>
  );
}

/** A gate stands on the left edge of the wave that waits at it. */
function GateMark() {
  return (
    <g transform={`translate(0 ${(HEIGHT / 2).toString()})`}>
      <GateSign />
    </g>
  );
}

function GateSign() {
  return (
    <>
      <rect
        x={-11}
        y={-13}
        width={22}
        height={26}
        rx={4}
        fill={tokens.colorBackgroundContainerContent}
        stroke={tokens.colorTextStatusWarning}
        strokeWidth={2}
      />
      <path d="M -4 -6 V 6 M 4 -6 V 6" stroke={tokens.colorTextStatusWarning} strokeWidth={3} />
    </>
  );
}

function Arrow({ from, to }: { from: Placed<GraphWave>; to: Placed<GraphWave> }) {
  const x1 = xOf(from) + WIDTH;
  const y1 = yOf(from) + HEIGHT / 2;
  const x2 = xOf(to) - (to.node.hasGate ? 13 : 2);
  const y2 = yOf(to) + HEIGHT / 2;
  const middle = GAP_X / 2;
  const numbers = [x1, y1, x1 + middle, y1, x2 - middle, y2, x2 - 6, y2];
  const [a, b, c, d, e, f, g, h] = numbers.map((value) => value.toString());
  const tip = `${(x2 - 8).toString()} ${(y2 - 5).toString()} L ${x2.toString()} ${y2.toString()} L ${(x2 - 8).toString()} ${(y2 + 5).toString()}`;
  return (
    <g fill="none" stroke={tokens.colorTextBodySecondary} strokeWidth={2}>
      <path d={`M ${[a, b].join(' ')} C ${[c, d, e, f, g, h].join(' ')}`} />
      <path d={`M ${tip}`} strokeLinejoin="round" />
    </g>
  );
}

function sentenceOf(wave: GraphWave, waves: readonly GraphWave[]): string {
  const names = wave.dependsOn.map((key) => shown(waves.find((other) => other.key === key)?.name ?? key));
  return words.wave({
    name: shown(wave.name),
    after: names,
    hasGate: wave.hasGate,
    detail: wave.detail,
    status: wave.sign?.label,
  });
}

const xOf = ({ layer }: { layer: number }) => MARGIN + layer * (WIDTH + GAP_X);
const yOf = ({ row }: { row: number }) => MARGIN + row * (HEIGHT + GAP_Y);

/** Words of the picture of waves. */

type WaveWords = {
  name: string;
  after: readonly string[];
  hasGate: boolean;
  detail: string;
  status: string | undefined;
};

export const graph = {
  region: 'Graph of the waves',
  empty: 'There are no waves yet.',
  wave: ({ name, after, hasGate, detail, status }: WaveWords) => {
    const start = after.length === 0 ? 'starts at once' : `starts after ${after.join(' and ')}`;
    const gate = hasGate ? ', behind a gate' : '';
    const state = status === undefined ? '' : `, ${status}`;
    return `${name} ${start}${gate}: ${detail}${state}.`;
  },
};

/** Words of choosing servers in a dialog. */

export const servers = {
  noun: 'server',
  name: 'Server',
  id: 'Source server',
  note: 'Note',
  filter: 'Filter servers',
};

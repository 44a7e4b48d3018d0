import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { serverId } from '../test/fixtures';
import { nameOf, serverText } from '../lib/server-name';
import { ServerName } from './ServerName';

const ID = serverId(1);
const server = (hostname: string | null) => ({ sourceServerId: ID, hostname });

describe('a server', () => {
  it.each([null, '', '  ', '\u200b', '\u202e', '\u3164'])('without a visible name (%j) is called by its id', (hostname) => {
    expect(nameOf(server(hostname))).toBe(ID);
    expect(serverText(server(hostname))).toBe(ID);
    render(<ServerName server={server(hostname)} />);
    expect(screen.getByText(ID)).toBeVisible();
    expect(document.body).toHaveTextContent(new RegExp(`^${ID}$`));
  });

  it('is never called as another of the same name', () => {
    const twin = { sourceServerId: serverId(2), hostname: 'WIN-8F3K2' };
    expect(serverText(server('WIN-8F3K2'))).toBe(`WIN-8F3K2 (${ID})`);
    expect(serverText(twin)).not.toBe(serverText(server('WIN-8F3K2')));
  });

  it.each(['stacked', 'inline'] as const)('shows its name by itself and its id (%s)', (variant) => {
    render(<ServerName server={server('\u202egro.live-bd')} variant={variant} />);
    const name = screen.getByText('[U+202E]gro.live-bd');
    expect(name.tagName).toBe('BDI');
    expect(screen.getByText(new RegExp(ID))).toBeVisible();
  });

  it('shows what looks like HTML as it is written', () => {
    render(<ServerName server={server('<img src=x onerror=alert(1)>')} />);
    expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
    expect(document.querySelector('img')).toBeNull();
  });
});

/** How a server is called, wherever there is room for plain text only. */
import { hasShape, shown, visible } from './shown';

/** What is known of a server by which it can be called. */
export type Named = { sourceServerId: string; hostname?: string | null | undefined };

/** The hostname where it can be seen, else the id. It is not the only server of that name. */
export function nameOf({ hostname, sourceServerId }: Named): string {
  return hasVisibleName(hostname) ? visible(hostname.trim()) : sourceServerId;
}

/** `db-01 (s-00000000000000001)`, or the id alone: no two servers are called alike. */
export function serverText(server: Named): string {
  const { hostname, sourceServerId } = server;
  return hasVisibleName(hostname) ? `${shown(hostname.trim())} (${sourceServerId})` : sourceServerId;
}

export function hasVisibleName(hostname: string | null | undefined): hostname is string {
  return hostname != null && hasShape(hostname);
}

/** A filter as part of the address, so that a filtered list can be shared and come back to. */
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { useSearchParams } from 'react-router';

type Query = PropertyFilterProps.Query;

const MEMBER = 'filter';

export function useAddressedFilter(): [Query, (query: Query) => void] {
  const [search, setSearch] = useSearchParams();
  return [
    parse(search.get(MEMBER)),
    (query) => {
      const next = new URLSearchParams(search);
      if (query.tokens.length === 0) {
        next.delete(MEMBER);
      } else {
        next.set(MEMBER, JSON.stringify(query));
      }
      setSearch(next, { replace: true });
    },
  ];
}

/** The filter that asks for rows which have all of this, as it stands in an address. */
export function addressOfFilter(wanted: Readonly<Record<string, string>>): string {
  const tokens = Object.entries(wanted).map(([propertyKey, value]) => ({ propertyKey, operator: ':', value }));
  return JSON.stringify({ tokens, operation: 'and' });
}

function parse(text: string | null): Query {
  const none: Query = { tokens: [], operation: 'and' };
  if (text === null) {
    return none;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isQuery(value) ? value : none;
  } catch {
    return none;
  }
}

function isQuery(value: unknown): value is Query {
  return (
    typeof value === 'object' &&
    value !== null &&
    'operation' in value &&
    (value.operation === 'and' || value.operation === 'or') &&
    'tokens' in value &&
    Array.isArray(value.tokens) &&
    value.tokens.every(
      (token: unknown) =>
        typeof token === 'object' && token !== null && 'operator' in token && 'value' in token,
    )
  );
}

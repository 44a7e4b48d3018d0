/** Lists that the console shows and filters whole. */

const PAGE_SIZE = 100;
/** The longest page of servers and of statistics. */
export const LARGE_PAGE = 1_000;

type Page<Item> = { items: Item[]; nextToken?: string | null };
type Query = { maxResults: number; nextToken?: string };

/** Every item of a list, by as many requests as the server has pages. */
export async function allPages<Item>(
  fetchPage: (query: Query) => Promise<Page<Item>>,
  maxResults = PAGE_SIZE,
): Promise<Item[]> {
  const items: Item[] = [];
  let query: Query | undefined = { maxResults };
  while (query !== undefined) {
    const page: Page<Item> = await fetchPage(query);
    items.push(...page.items);
    query = page.nextToken == null ? undefined : { maxResults, nextToken: page.nextToken };
  }
  return items;
}

/** Lists that the console shows and filters whole. */

const PAGE_SIZE = 100;

type Page<Item> = { items: Item[]; nextToken?: string | null };
type Query = { maxResults: number; nextToken?: string };

/** Every item of a list, by as many requests as the server has pages. */
export async function allPages<Item>(
  fetchPage: (query: Query) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let query: Query | undefined = { maxResults: PAGE_SIZE };
  while (query !== undefined) {
    const page: Page<Item> = await fetchPage(query);
    items.push(...page.items);
    query = page.nextToken == null ? undefined : { maxResults: PAGE_SIZE, nextToken: page.nextToken };
  }
  return items;
}

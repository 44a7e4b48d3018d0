// @vitest-environment node
import { readFileSync } from 'node:fs';

import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, it } from 'vitest';

it('is what the document of the API generates', async () => {
  const document = new URL('../../../openapi.json', import.meta.url);
  const generated = COMMENT_HEADER + astToString(await openapiTS(document));
  const committed = readFileSync(new URL('./schema.ts', import.meta.url), 'utf8');
  expect(committed, 'Run `npm run generate`.').toBe(generated);
});

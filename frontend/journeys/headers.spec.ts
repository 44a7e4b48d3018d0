import { readFileSync } from 'node:fs';

import { expect, test } from './journey';
import { stack } from './stack';

const TEMPLATE = readFileSync(new URL('../../cfn/frontend-stack.yaml', import.meta.url), 'utf8');

/** The policy of the template, as CloudFront sends it from this Region. */
function policyOfTemplate(): string {
  const [, folded = ''] = /ContentSecurityPolicy: !Sub >-\n((?: {14}.*\n)+)/.exec(TEMPLATE) ?? [];
  return folded
    .trim()
    .split(/\s+/)
    .join(' ')
    .replace('${AWS::Region}', stack().region)
    .replace('${AWS::URLSuffix}', 'amazonaws.com');
}

// That every page keeps to the policy is part of every journey: a breach is an error on the console.
test('the local edge sends the security headers of the template, and no script may stand in a page', async ({ page }) => {
  const policy = policyOfTemplate();
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe');
  const console = await page.goto(stack().consoleUrl);
  const api = await page.request.get(`${stack().consoleUrl}api/health`);
  const page404 = await page.request.get(`${stack().consoleUrl}assets/nothing.js`);
  for (const response of [console, api, page404]) {
    const headers = response?.headers() ?? {};
    expect(headers['content-security-policy']?.split(/\s+/).join(' ')).toBe(policy);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  }
});

/**
 * A store as a large customer's: groups and plans through the API; executions as copies of one
 * that the product has run, written into its table.
 */
import { expect, type APIRequestContext } from '@playwright/test';

import type { Api } from '../api';
import { stack } from '../stack';

export const SIZES = { groups: 200, plans: 100, executions: 5_000, wave: 500 };

export const LARGE_PLAN = 'Plan of the wave';

const TABLE = 'drs-orchestration-dev-execution-history';
const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=local/20260101/us-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0';
const BATCH = 25;
const DAYS = 150;
const COPIED = /^(META|WAVE#|BATCH#|EVENT#)/;

type Item = Record<string, { S?: string; N?: string }>;

const fleet = (number: number) => `s-0000000000006${number.toString(16).padStart(4, '0')}`;
const inWave = (number: number) => `s-0000000000007${number.toString(16).padStart(4, '0')}`;
const three = (number: number) => number.toString().padStart(3, '0');

/** Groups of seven servers, one of five hundred; two groups a plan. */
export async function fillPlans(api: Api): Promise<void> {
  const drillIsolation = { statement: 'Only a simulator.' };
  const groups: string[] = [];
  for (let number = 1; number < SIZES.groups; number += 1) {
    const sourceServerIds = Array.from({ length: 7 }, (_, index) => fleet(7 * (number - 1) + index + 1));
    const body = { name: `Group ${three(number)}`, region: 'us-west-2', sourceServerIds, drillIsolation };
    groups.push((await api.call<{ protectionGroupId: string }>('POST', '/protection-groups', body)).protectionGroupId);
  }
  const sourceServerIds = Array.from({ length: SIZES.wave }, (_, index) => inWave(index + 1));
  const body = { name: 'Group of the wave', region: 'us-east-1', sourceServerIds, drillIsolation };
  const large = await api.call<{ protectionGroupId: string }>('POST', '/protection-groups', body);
  for (let number = 1; number < SIZES.plans; number += 1) {
    const [one, two] = [groups[2 * number - 2], groups[2 * number - 1]];
    await api.plan(`Plan ${three(number)}`, [
      { key: 'one', name: 'One', protectionGroupIds: [one], dependsOn: [] },
      { key: 'two', name: 'Two', protectionGroupIds: [two], dependsOn: ['one'] },
    ]);
  }
  await api.plan(LARGE_PLAN, [
    { key: 'all', name: 'All at once', protectionGroupIds: [large.protectionGroupId], dependsOn: [] },
  ]);
}

/** Copies of an execution that has ended, spread over the last months. */
export async function fillExecutions(request: APIRequestContext, original: string): Promise<void> {
  const pattern = { ':pk': { S: `EXECUTION#${original}` } };
  const asked = { TableName: TABLE, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: pattern };
  const { Items } = await dynamo<{ Items: Item[] }>(request, 'Query', asked);
  const items = [
    ...Items.filter(({ sk }) => COPIED.test(sk?.S ?? '')),
    await endOf(request, original),
  ];
  let puts: object[] = [];
  for (let number = 1; number <= SIZES.executions; number += 1) {
    puts.push(...items.map((item) => ({ PutRequest: { Item: copied(item, original, number) } })));
    if (puts.length + items.length > BATCH || number === SIZES.executions) {
      await dynamo(request, 'BatchWriteItem', { RequestItems: { [TABLE]: puts } });
      puts = [];
    }
  }
}

/** What the table keeps of its end, by which executions are counted. */
async function endOf(request: APIRequestContext, original: string): Promise<Item> {
  const month = { ':pk': { S: `ENDED#${new Date().toISOString().slice(0, 7)}` } };
  const asked = { TableName: TABLE, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: month };
  const { Items } = await dynamo<{ Items: Item[] }>(request, 'Query', asked);
  const end = Items.find(({ sk }) => sk?.S?.endsWith(original));
  if (end === undefined) {
    throw new Error('The table keeps nothing of the end of the execution.');
  }
  return end;
}

/** The same item, over and done with, as if the execution had another id and had run at another time. */
function copied(item: Item, original: string, number: number): Item {
  const id = `00000000-0000-4000-8000-${number.toString().padStart(12, '0')}`;
  const begin = Date.now() - (number * DAYS * 86_400_000) / SIZES.executions;
  const at = new Date(begin).toISOString();
  const end = new Date(begin + 600_000).toISOString();
  const text = JSON.stringify(item)
    .replaceAll(original, id)
    .replaceAll(/(\\"(?:created|started)_at\\":\\")[^"\\]+/g, `$1${at}`)
    .replaceAll(/(\\"ended_at\\":\\")[^"\\]+/g, `$1${end}`);
  // The original may still be about to give its locks back.
  const copy = JSON.parse(text) as Item;
  delete copy.live;
  if (copy.pk?.S?.startsWith('ENDED#') === true) {
    return { ...copy, pk: { S: `ENDED#${end.slice(0, 7)}` }, sk: { S: `${sortable(end)}#${id}` } };
  }
  return copy.startedKey === undefined
    ? copy
    : { ...copy, stage: { S: 'OVER' }, startedKey: { S: `${at}#${id}` }, startedMonth: { S: at.slice(0, 7) } };
}

/** A time as the keys of the table write it. */
function sortable(time: string): string {
  return time.replace(/Z$/, '000000Z');
}

async function dynamo<Answer>(request: APIRequestContext, operation: string, body: object): Promise<Answer> {
  const response = await request.post(stack().awsEndpointUrl, {
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      Authorization: SIGNATURE,
    },
    data: JSON.stringify(body),
  });
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()) as Answer;
}

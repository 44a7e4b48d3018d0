// Faults planted into the state machine, each of which the judge must find.
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { faults } from './machine.js';

const FILE = new URL('../../cfn/state-machine.asl.json', import.meta.url);
const written = readFileSync(FILE, 'utf8');

function planted(old, replacement) {
  assert.ok(written.includes(old), `the definition has no ${old}`);
  return faults(written.replace(old, replacement)).join('\n');
}

test('the definition itself has no fault', () => {
  assert.deepEqual(faults(written), []);
});

test('a state that does not exist is found', () => {
  assert.match(planted('"Next": "Advance"', '"Next": "Nowhere"'), /MISSING_TRANSITION_TARGET|Nowhere/);
});

test('a property that the language does not have is found', () => {
  assert.match(planted('"TimeoutSeconds"', '"Timeout"'), /SCHEMA_VALIDATION_FAILED/);
});

test('a path that is none is found', () => {
  assert.match(planted('"$.executionId"', '"$.execution["'), /INVALID_JSON_PATH|SCHEMA_VALIDATION_FAILED/);
});

test('a machine without a beginning is found', () => {
  assert.notEqual(planted('"StartAt": "Begin"', '"StartAt": "Nowhere"'), '');
});

test('a name that the template does not substitute is found', () => {
  assert.match(planted('${Partition}', '${Partitions}'), /substitutes no Partitions/);
});

// Says what GitLab's published schema refuses in a pipeline file: one line a fault, and exit code 1.
//
// The schema is the copy that gitlab-ci-local carries, which has everything but the patterns of texts.

import { readFileSync } from 'node:fs';

import Ajv from 'ajv';
import { schema } from 'gitlab-ci-local/src/schema/schema.js';
import { load } from 'js-yaml';

const file = process.argv[2];
if (file === undefined) {
  console.error('usage: node schema.js FILE');
  process.exit(2);
}

// The schema accepts anything below a hidden key, because anything may be kept there. In this
// repository a hidden key is always the beginning of a job, so it is judged as a job.
const pipeline = Object.fromEntries(
  Object.entries(load(readFileSync(file, 'utf8'))).map(([name, value]) => [
    name.replace(/^\./, 'hidden '),
    value,
  ]),
);

// The schema describes itself with keywords and formats that say nothing about validity.
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const valid = ajv.validate(schema, pipeline);
if (!valid) {
  const faults = ajv.errors.map(({ instancePath, message, params }) => {
    const named = params.additionalProperty ?? params.allowedValues?.join(', ');
    const place = instancePath.replaceAll('~1', '/') || '/';
    return `${place} ${message}${named === undefined ? '' : `: ${named}`}`;
  });
  for (const fault of new Set(faults)) {
    console.error(fault);
  }
  process.exit(1);
}

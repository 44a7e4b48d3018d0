// Judges the definition of the state machine as CloudFormation hands it over: `node machine.js FILE`.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import validate from 'asl-validator';

/** What the template substitutes. A name that is not here is a fault of its own. */
const SUBSTITUTIONS = {
  Partition: 'aws',
  OrchestrationFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:orchestration',
};

/** Every fault of a definition, as sentences. */
export function faults(text) {
  const unknown = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !(name in SUBSTITUTIONS));
  if (unknown.length > 0) {
    return [`the template substitutes no ${unknown.join(', ')}`];
  }
  const definition = JSON.parse(text.replace(/\$\{(\w+)\}/g, (_, name) => SUBSTITUTIONS[name]));
  const { isValid, errors } = validate(definition, { checkPaths: true, checkArn: true });
  return isValid ? [] : errors.map((error) => `${error['Error code']}: ${error.Message}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = faults(readFileSync(process.argv[2], 'utf8'));
  found.forEach((fault) => console.error(`${process.argv[2]}: ${fault}`));
  process.exitCode = found.length > 0 ? 1 : 0;
}

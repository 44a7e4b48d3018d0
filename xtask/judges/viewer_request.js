// Runs the code of a function of CloudFront, as the template has it, for many viewers' requests:
// `{ code, events }` as JSON comes in, the list of what the function answers goes out.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

const { code, events } = JSON.parse(readFileSync(0, 'utf8'));
// The function sees the language and nothing of Node.
const handler = runInContext(`${code}\n;handler`, createContext({}), { filename: 'function.js' });
const answers = [];
for (const event of events) {
  answers.push(await handler(event));
}
process.stdout.write(JSON.stringify(answers));

// Prints what a first visit loads, compressed, and fails when the scripts grow over the limit.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_KILOBYTES = 350;
const DIST = new URL('../dist/', import.meta.url).pathname;

const kilobytes = (path) => gzipSync(readFileSync(join(DIST, path))).length / 1024;
const page = readFileSync(join(DIST, 'index.html'), 'utf8');
if (/<script(?![^>]*\ssrc=)|\son[a-z]+=|<style/.test(page)) {
  throw new Error('index.html contains inline code, which the content security policy forbids.');
}
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
const scripts = new Set(named.filter((path) => path.endsWith('.js')));
for (const path of scripts) {
  const source = readFileSync(join(DIST, path), 'utf8');
  for (const [, imported] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
    scripts.add(`assets/${imported}`);
  }
}
const sum = (paths) => [...paths].reduce((total, path) => total + kilobytes(path), 0);
const styles = named.filter((path) => path.endsWith('.css'));
const lazy = readdirSync(join(DIST, 'assets'))
  .map((name) => `assets/${name}`)
  .filter((path) => path.endsWith('.js') && !scripts.has(path));

for (const path of [...scripts, ...styles]) {
  console.log(`first  ${kilobytes(path).toFixed(1).padStart(7)} KB  ${path}`);
}
for (const path of lazy) {
  console.log(`lazy   ${kilobytes(path).toFixed(1).padStart(7)} KB  ${path}`);
}
const first = sum(scripts);
console.log(
  `First load: ${first.toFixed(1)} KB of scripts (limit ${LIMIT_KILOBYTES}), ${sum(styles).toFixed(1)} KB of styles, compressed.`,
);
if (first > LIMIT_KILOBYTES) {
  throw new Error(`The scripts of the first load exceed ${LIMIT_KILOBYTES} KB.`);
}

// The schema files of the contract.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const contract = fileURLToPath(new URL('../../../agent/contract/', import.meta.url));
export const folder = `${contract}schemas/`;

const suffix = '.schema.json';

/** Every schema by its name: a topic, or what topics share. */
export const names = readdirSync(folder).filter(file => file.endsWith(suffix)).map(file => file.slice(0, -suffix.length)).sort();

/** The schemas of topics: a topic has a dot in it. */
export const topics = names.filter(name => name.includes('.'));

export const read = name => JSON.parse(readFileSync(`${folder}${name}${suffix}`, 'utf8'));

export const write = (name, schema) => writeFileSync(`${folder}${name}${suffix}`, `${JSON.stringify(schema, null, 2)}\n`);

/** A topic's schema with the shared ones as they are now. */
export function bundled(topic) {
  const { $defs: _, ...schema } = read(topic);
  const shared = new Set(JSON.stringify(schema).match(/(?<="\$ref":"#\/\$defs\/)[^"]+/g));
  const $defs = {};
  for (const name of [...shared].sort()) {
    const { $schema, $id, ...body } = read(name);
    $defs[name] = body;
  }
  return { ...schema, $defs };
}

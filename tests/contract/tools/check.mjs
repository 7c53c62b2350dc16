// Checks the schemas and asyncapi.yaml with tools of others: ajv and AsyncAPI's own parser. Prints what is wrong and exits 1; else prints
// one line of JSON: {"schemas": [topic…], "messages": {topic: {publisher, schema, …}}}.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Parser } from '@asyncapi/parser';
import { bundled, contract, names, read, topics } from './schemas.mjs';
import { validators } from './validators.mjs';

const wrong = [];
const expect = (right, what) => right || wrong.push(what);

try {
  expect(validators().size === names.length, 'not every schema compiles');
} catch (e) {
  wrong.push(`ajv: ${e.message}`);
}
for (const name of names) {
  const schema = read(name);
  expect(schema.$id === `urn:thatdam:schema:${name}`, `${name}: its $id is ${schema.$id}`);
  expect(schema.$schema === 'https://json-schema.org/draft/2020-12/schema', `${name}: its $schema is ${schema.$schema}`);
}
for (const topic of topics) {
  expect(isDeepStrictEqual(read(topic), bundled(topic)), `${topic}: its $defs are not the shared schemas; run bundle.mjs`);
}

const source = `${contract}asyncapi.yaml`;
const { document, diagnostics } = await new Parser().parse(readFileSync(source, 'utf8'), { source });
// Severity 0 is an error, 1 a warning; 2 and 3 are advice, such as to move to a later version of AsyncAPI.
for (const { severity, message, path, code } of diagnostics) expect(severity > 1, `asyncapi.yaml: ${code}: ${message} at ${path.join('/')}`);

const messages = {};
for (const channel of document?.channels().all() ?? []) {
  const topic = channel.address();
  const operations = channel.operations().all();
  expect(operations.length === 1, `${topic}: ${operations.length} operations`);
  expect(channel.messages().all().length === 1, `${topic}: ${channel.messages().all().length} messages`);
  const [message] = channel.messages().all();
  const amqp = bindings => bindings.get('amqp')?.value() ?? {};
  const { is, exchange = {} } = amqp(channel.bindings());
  const { deliveryMode, mandatory } = operations[0] ? amqp(operations[0].bindings()) : {};
  messages[topic] = {
    name: message?.name(),
    publisher: operations[0]?.json()['x-publisher'],
    schema: message?.payload()?.json().$id,
    messageType: message && amqp(message.bindings()).messageType,
    exchange: `${is} ${exchange.name} ${exchange.type}${exchange.durable ? ' durable' : ''}`,
    delivery: deliveryMode && `${deliveryMode}${mandatory ? ' mandatory' : ''}`,
  };
}

if (wrong.length > 0) {
  console.log(wrong.join('\n'));
  process.exit(1);
}
console.log(JSON.stringify({ schemas: topics, messages }));

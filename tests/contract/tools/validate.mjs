// Reads lines {"topic": …, "event": {…}} on stdin and validates each event against its topic's schema with ajv. A name without a dot
// is that of a shared schema, such as device-summary. With --own, an event must bear an event_id too, and so all that capture-daemon's
// events have. Prints a line for each event that is not valid; then exits 1.
import { createInterface } from 'node:readline';
import { validators } from './validators.mjs';

const validate = validators();
const own = process.argv.includes('--own');
let line = 0;
let invalid = 0;
for await (const text of createInterface({ input: process.stdin })) {
  line++;
  if (text.trim() === '') continue;
  for (const problem of problems(text)) {
    console.log(`line ${line}: ${problem}`);
    invalid++;
  }
}
if (line === 0) {
  console.log('no events on stdin');
  invalid++;
}
process.exitCode = invalid === 0 ? 0 : 1;

function problems(text) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch (e) {
    return [`not JSON: ${e.message}`];
  }
  const { topic, event } = parsed ?? {};
  const check = validate.get(topic);
  if (!check) return [`no schema for topic ${JSON.stringify(topic)}`];
  if (check(event)) return own && !event.event_id ? [`${topic}: without an event_id`] : [];
  const faults = check.errors.map(e => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
  return [`${topic} ${event?.event_id ?? ''}: ${faults.join('; ')}`];
}

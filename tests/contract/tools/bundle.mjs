// Copies the shared schemas (event, device-summary, frame-counts) into the $defs of each topic's schema that refers to them, so that
// every file stands alone: for the registry, for AsyncAPI, for any validator. Run it after a change to a shared one.
import { bundled, names, topics, write } from './schemas.mjs';

for (const topic of topics) write(topic, bundled(topic));
console.log(`${topics.length} of ${names.length} schemas carry what they refer to`);

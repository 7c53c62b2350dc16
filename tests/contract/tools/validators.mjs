// The contract's schemas compiled by ajv, in its strict mode.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { names, read } from './schemas.mjs';

/** A validating function for each schema, by its name. */
export function validators() {
  const ajv = new Ajv2020.default({ strict: true, allErrors: true });
  addFormats.default(ajv);
  return new Map(names.map(name => [name, ajv.compile(read(name))]));
}

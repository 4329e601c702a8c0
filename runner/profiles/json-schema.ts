/** The JSON schema of profile files, for editors: docs/profile.schema.json. */
import { z } from 'zod';
import { profileSchema } from './profile.ts';

/** A file that extends another has any part of a profile; the whole is checked when it is loaded. */
export function profileJsonSchema(): object {
  const whole = z.toJSONSchema(profileSchema, { io: 'input' });
  const { $schema, ...complete } = whole;
  const keys = Object.keys(whole.properties ?? {});
  return {
    $schema,
    if: { type: 'object', required: ['extends'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
    then: {
      type: 'object',
      properties: {
        extends: {
          type: 'string',
          description:
            'Name, or path from this file, of the profile that this one changes. null takes a key away.',
        },
        ...Object.fromEntries(keys.map((key) => [key, key === 'name' ? whole.properties?.name : {}])),
      },
      required: ['name'],
      additionalProperties: false,
    },
    else: complete,
  };
}

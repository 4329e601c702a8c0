/** Settings of a service by name, as text: the form in which environments and command lines take them. */
import { z } from 'zod';
import { jsonObject } from '../json-object.ts';

export type Settings = Record<string, string>;

/**
 * A config value that is a JSON object of settings.
 * @param allowed what stands in it, after "must be a JSON object"
 * @param problemOf what is wrong with one setting, as the end of a sentence that begins with "it"
 */
export function settingsSchema(
  allowed: string,
  problemOf: (name: string, value: string) => string | undefined,
) {
  return jsonObject(allowed).transform((given = {}, context): Settings => {
    const settings: Settings = {};
    for (const [name, value] of Object.entries(given)) {
      const problem = isPlain(value)
        ? problemOf(name, String(value))
        : 'must be one line of text, a number, true or false';
      if (problem) context.addIssue({ code: 'custom', message: `may not have "${name}": it ${problem}` });
      else settings[name] = String(value);
    }
    return context.issues.length > 0 ? z.NEVER : settings;
  });
}

const isPlain = (value: unknown) =>
  (typeof value === 'string' && !/[\0\n\r]/.test(value)) ||
  typeof value === 'number' ||
  typeof value === 'boolean';

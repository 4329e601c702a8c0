import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GateSettings, readSettings, toEnvironment } from '../../../../infra/gate/settings.ts';

const settings: fc.Arbitrary<GateSettings> = fc.record({
  name: fc.string(),
  container: fc.string(),
  oneShot: fc.boolean(),
  exec: fc.array(fc.array(fc.string())),
  listening: fc.array(fc.string()),
  answering: fc.array(fc.webUrl()),
  ca: fc.string({ unit: 'grapheme' }),
  servername: fc.string(),
  deadlineMs: fc.nat(),
  tunnel: fc.string(),
});

it('settings pass through the environment unchanged', () => {
  fc.assert(
    fc.property(settings, (given) => {
      const env = toEnvironment(given);
      expect(readSettings({ OTHER: 'x', ...env })).toEqual(given);
      // The environment carries no NUL and is text.
      for (const value of Object.values(env)) expect(value).not.toContain('\0');
    }),
  );
});

/** A run is INVALID for the right reason, by a real cause each; `bench/validity/campaign.ts` has more of them, and rounds. */
import { test } from 'vitest';
import { attempt, CASES } from './support/validity/cases.ts';

const seen = (name: string) => attempt(CASES[name] ?? { exitCode: 0 }, 1);

test.concurrent.for(['rate-limited', 'resumed', 'swapped', 'swapped-untrusted', 'exhausted', 'few-vus'])(
  '%s: 97',
  async (name, { expect }) => {
    expect(await seen(name)).toMatchObject({ exitCode: 97, isRight: true });
  },
);

// These take the processor away: one after the other, when the others have ended.
test.for(['starved', 'noisy'])('%s: 97', async (name, { expect }) => {
  expect(await seen(name)).toMatchObject({ exitCode: 97, isRight: true });
});

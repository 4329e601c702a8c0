import { describe, expect, it, vi } from 'vitest';
import type { Setup } from '../../../runner/setup/setup.ts';
import { imagesOf, stackConfig } from '../../../runner/stack/sources.ts';

const REGISTRY = { imageSource: 'registry', debianImage: undefined } as Setup;
const DEBIAN = { imageSource: 'debian', debianImage: 'sha256:new' } as Setup;
const BINARY = { subjectBinary: '/server', subjectMigrations: '/migrations' };

function choose(setup: Setup, have: object, given: object) {
  const say = vi.fn<(line: string) => void>();
  return { config: stackConfig(setup, have, given, say), said: say.mock.calls.map(([line]) => line) };
}

describe('a new stack', () => {
  it('gets the stand-in where nothing is said, and is told that it is not certctl', () => {
    const { config, said } = choose(REGISTRY, {}, {});
    expect(config).toEqual({ imageSource: 'registry', subject: 'stand-in' });
    expect(said).toEqual([expect.stringMatching(/stand-in, which is not certctl;.*subjectBinary/)]);
  });

  it('gets the image that setup built', () => {
    const { config } = choose(DEBIAN, {}, {});
    expect(config).toMatchObject({ imageSource: 'debian', debianImage: 'sha256:new' });
  });

  it.each([
    ['binary', BINARY, 'subjectBinary is set'],
    ['image', { subjectImage: 'certctl:v3' }, 'subjectImage is set'],
  ])('measures the %s whose keys are given, and says why', (subject, given, reason) => {
    const { config, said } = choose(REGISTRY, {}, given);
    expect(config).toEqual({ imageSource: 'registry', subject, ...given });
    expect(said).toEqual([expect.stringContaining(reason)]);
  });

  it('measures what is named, without a word', () => {
    const { config, said } = choose(REGISTRY, {}, { subject: 'image' });
    expect(config.subject).toBe('image');
    expect(said).toEqual([]);
  });

  it('has the images from the mirror that is named, and says why', () => {
    const { config, said } = choose(DEBIAN, {}, { imageRegistry: 'mirror.test/hub', subject: 'stand-in' });
    expect(config).toMatchObject({ imageSource: 'registry', imageRegistry: 'mirror.test/hub' });
    expect(said).toEqual(['Images: from mirror.test/hub (imageRegistry is set)']);
  });

  it('has the images from the mirror that its config names already', () => {
    const { config, said } = choose(DEBIAN, { imageRegistry: 'mirror.test/hub' }, { subject: 'stand-in' });
    expect(config).toMatchObject({ imageSource: 'registry', imageRegistry: 'mirror.test/hub' });
    expect(said).toEqual([]);
  });

  it('has the images from where the person says', () => {
    const { config } = choose(DEBIAN, {}, { imageSource: 'registry' });
    expect(config.imageSource).toBe('registry');
  });
});

describe('images to be set up', () => {
  const MIRROR = { imageRegistry: 'mirror.test/hub' };
  it.each([
    [{ imageSource: 'debian', ...MIRROR }, {}, 'debian', 'the stack says so'],
    [MIRROR, {}, 'registry', 'the stack has a mirror'],
    [{ imageSource: 'debian' }, MIRROR, 'registry', 'a mirror is named now'],
    [{ imageSource: 'registry', ...MIRROR }, { imageSource: 'debian' }, 'debian', 'it is said now'],
    [{}, { imageRegistry: '' }, undefined, 'setup chooses'],
  ])('of %j and %j are of %s: %s', (have, given, source, _why) => {
    expect(imagesOf(have, given)).toBe(source);
  });
});

describe('a stack that is there', () => {
  const have = { subject: 'binary', ...BINARY, imageSource: 'debian', debianImage: 'sha256:old' };

  it('keeps what was chosen, without a word, whatever is found today', () => {
    const { config, said } = choose(REGISTRY, have, {});
    expect(config).toEqual(have);
    expect(said).toEqual([]);
  });

  it('changes only what is said now', () => {
    const { config } = choose(DEBIAN, have, { bindAddress: '10.0.0.1' });
    expect(config).toEqual({ ...have, bindAddress: '10.0.0.1' });
  });

  it('goes over to the images that are forced now, and to the Debian image of today', () => {
    const before = { ...have, imageSource: 'registry' };
    const { config } = choose(DEBIAN, before, { imageSource: 'debian' });
    expect(config).toEqual({ ...have, debianImage: 'sha256:new' });
    expect(choose(REGISTRY, have, { imageSource: 'registry' }).config.imageSource).toBe('registry');
  });

  it('goes over to the subject whose keys are given now', () => {
    const { config, said } = choose(DEBIAN, { ...have, subject: 'stand-in' }, BINARY);
    expect(config.subject).toBe('binary');
    expect(said).toHaveLength(1);
  });
});

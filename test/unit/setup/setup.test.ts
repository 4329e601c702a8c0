import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import * as debian from '../../../runner/setup/debian-image.ts';
import * as engines from '../../../runner/setup/engine.ts';
import * as pulumi from '../../../runner/setup/pulumi.ts';
import * as reachable from '../../../runner/setup/reachable.ts';
import * as record from '../../../runner/setup/record.ts';
import { type SetupOptions, setup } from '../../../runner/setup/setup.ts';
import * as packages from '../../../runner/setup/system-packages.ts';
import * as temporary from '../../../runner/stack/temporary.ts';

// The machine: each test says what is on it, nothing is asked of the real one.
vi.mock(import('../../../runner/setup/debian-image.ts'), { spy: true });
vi.mock(import('../../../runner/setup/engine.ts'), { spy: true });
vi.mock(import('../../../runner/setup/pulumi.ts'), { spy: true });
vi.mock(import('../../../runner/setup/reachable.ts'), { spy: true });
vi.mock(import('../../../runner/setup/record.ts'), { spy: true });
vi.mock(import('../../../runner/setup/system-packages.ts'), { spy: true });
vi.mock(import('../../../runner/stack/temporary.ts'), { spy: true });

const FOUND: engines.Engine = { host: 'unix:///docker.sock', kind: 'found', version: '27.1' };
const PRIVATE: engines.Engine = { host: 'unix:///private.sock', kind: 'private', version: '27.1' };
const OWN: pulumi.PulumiInstallation = { root: '/own', home: '/own-home', kind: 'own' };

/** What was made, in order. */
let made: string[];
let said: string[];
const make = (what: string) => async () => void made.push(what);

/** A machine that has everything, and no way to the outside. */
beforeEach(() => {
  made = [];
  said = [];
  vi.mocked(engines.findEngine).mockResolvedValue(FOUND);
  vi.mocked(engines.startPrivateEngine).mockImplementation(async () => {
    made.push('engine');
    vi.mocked(engines.findEngine).mockResolvedValue(PRIVATE);
    return PRIVATE;
  });
  vi.mocked(debian.findDebianImage).mockResolvedValue('sha256:debian');
  vi.mocked(debian.buildDebianImage).mockImplementation(async () => {
    made.push('image');
    vi.mocked(debian.findDebianImage).mockResolvedValue('sha256:debian');
    return 'sha256:debian';
  });
  vi.mocked(pulumi.findOwnInstallation).mockReturnValue(undefined);
  vi.mocked(pulumi.hasPlugin).mockReturnValue(true);
  vi.mocked(pulumi.missingParts).mockReturnValue([]);
  vi.mocked(pulumi.requireGo).mockResolvedValue();
  vi.mocked(pulumi.buildPart).mockImplementation((part) => make(`build ${part}`)());
  vi.mocked(pulumi.downloadPart).mockImplementation((part) => make(`download ${part}`)());
  vi.mocked(pulumi.installPlugin).mockImplementation((_, name) => make(`plugin ${name}`)());
  vi.mocked(reachable.isReachable).mockResolvedValue(false);
  vi.mocked(record.readRecord).mockReturnValue(undefined);
  vi.mocked(record.writeRecord).mockReturnValue();
  vi.mocked(packages.hasProgram).mockResolvedValue(true);
  vi.mocked(packages.requirePackageManager).mockReturnValue();
  vi.mocked(packages.installPackages).mockImplementation((names) => make(`packages ${names.join()}`)());
  vi.mocked(temporary.temporaryFolder).mockReturnValue('/temporary');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => void vi.restoreAllMocks());

const run = (options: Partial<SetupOptions> = {}) =>
  setup({ yes: false, images: 'auto', toolchain: 'auto', say: (line) => said.push(line), ...options });

describe('a machine that has everything', () => {
  it('is left as it is, and nothing is to install', async () => {
    expect(await run({ images: 'debian' })).toEqual({
      engine: FOUND,
      startedEngine: false,
      installation: pulumi.benchInstallation,
      imageSource: 'debian',
      debianImage: 'sha256:debian',
    });
    expect([made, said]).toEqual([[], []]);
  });

  it("uses the person's own Pulumi", async () => {
    vi.mocked(pulumi.findOwnInstallation).mockReturnValue(OWN);
    expect((await run({ images: 'registry' })).installation).toBe(OWN);
    expect(made).toEqual([]);
  });
});

describe('a machine that has nothing', () => {
  beforeEach(() => {
    vi.mocked(engines.findEngine).mockResolvedValue(undefined);
    vi.mocked(packages.hasProgram).mockResolvedValue(false);
    vi.mocked(debian.findDebianImage).mockResolvedValue(undefined);
    vi.mocked(pulumi.missingParts).mockReturnValue(['pulumi', 'pulumi-resource-docker']);
  });

  it('gets all of it, each part once, and is told before', async () => {
    const { engine, startedEngine } = await run({ yes: true });
    expect(made).toEqual([
      'packages docker.io,iptables,mmdebstrap',
      'engine',
      'image',
      'build pulumi',
      'build pulumi-resource-docker',
    ]);
    expect([engine, startedEngine]).toEqual([PRIVATE, true]);
    expect(said.at(-1)).toMatch(/^To install: system packages docker\.io.*image.*pulumi \(build\)/);
    expect(record.writeRecord).toHaveBeenCalledWith({ imageSource: 'debian', debianImage: 'sha256:debian' });
  });

  it('is not touched without --yes where there is no terminal to ask', async () => {
    vi.spyOn(process, 'stdin', 'get').mockReturnValue({ isTTY: false } as typeof process.stdin);
    const asked = run();
    await expect(asked).rejects.toThrow(EnvironmentError);
    await expect(asked).rejects.toThrow(/pass --yes/);
    expect(made).toEqual([]);
    expect(said.at(-1), 'what would be installed').toMatch(/^To install: system packages/);
  });

  it('is told what helps where packages cannot be installed', async () => {
    vi.mocked(packages.requirePackageManager).mockImplementation((what, remedy) => {
      throw new EnvironmentError(`${what}: ${remedy}`);
    });
    await expect(run({ yes: true })).rejects.toThrow(/no Docker engine answers: install Docker/);
    expect(made).toEqual([]);
  });

  it('is told at once that there is no Go compiler, before anything is made', async () => {
    vi.mocked(pulumi.requireGo).mockRejectedValue(new EnvironmentError('no Go compiler: install Go'));
    await expect(run({ yes: true })).rejects.toThrow('no Go compiler');
    expect(made).toEqual([]);
  });

  it('uses the engine that the package has started', async () => {
    vi.mocked(packages.installPackages).mockImplementation(async () => {
      vi.mocked(engines.findEngine).mockResolvedValue(FOUND);
    });
    const { engine, startedEngine } = await run({ yes: true });
    expect([engine, startedEngine]).toEqual([FOUND, false]);
    expect(made).not.toContain('engine');
  });
});

describe('the private engine', () => {
  it('is started where dockerd is there but not running, and whoever did so knows', async () => {
    vi.mocked(engines.findEngine).mockResolvedValue(undefined);
    expect(await run({ images: 'registry' })).toMatchObject({ engine: PRIVATE, startedEngine: true });
    expect(made).toEqual(['engine']);
  });

  it('is seen to be needed before it is looked for, so that no other command stops it then', async () => {
    vi.mocked(engines.findEngine).mockImplementation(async () => {
      expect(temporary.temporaryFolder).toHaveBeenCalledOnce();
      return PRIVATE;
    });
    await run({ images: 'registry' });
    expect(engines.findEngine).toHaveBeenCalled();
  });

  it('that was running is not ours to stop', async () => {
    vi.mocked(engines.findEngine).mockResolvedValue(PRIVATE);
    expect(await run({ images: 'registry' })).toMatchObject({ engine: PRIVATE, startedEngine: false });
    expect(made).toEqual([]);
  });
});

describe('auto', () => {
  it.each([
    [true, 'registry', /registry \(it answers\)/],
    [false, 'debian', /no container registry answers.*--images registry/],
  ])('chooses images by whether a registry answers (%s), and says why', async (answers, source, reason) => {
    vi.mocked(reachable.isReachable).mockResolvedValue(answers);
    expect((await run()).imageSource).toBe(source);
    expect(said).toEqual([expect.stringMatching(reason)]);
  });

  it('asks the network only once: later it is what was recorded', async () => {
    vi.mocked(record.readRecord).mockReturnValue({ imageSource: 'registry' });
    expect((await run()).imageSource).toBe('registry');
    expect(reachable.isReachable).not.toHaveBeenCalled();
    expect(said).toEqual([]);
  });

  it('is overruled by a forced choice, which is recorded', async () => {
    vi.mocked(record.readRecord).mockReturnValue({ imageSource: 'registry' });
    expect((await run({ images: 'debian' })).imageSource).toBe('debian');
    expect(record.writeRecord).toHaveBeenCalledWith({ imageSource: 'debian', debianImage: 'sha256:debian' });
    expect(reachable.isReachable).not.toHaveBeenCalled();
  });

  it('takes what the stack has over what was recorded, and keeps that for other stacks', async () => {
    vi.mocked(record.readRecord).mockReturnValue({ imageSource: 'debian' });
    expect((await run({ stackImages: 'registry' })).imageSource).toBe('registry');
    expect((await run({ images: 'debian', stackImages: 'debian' })).imageSource).toBe('debian');
    expect(reachable.isReachable).not.toHaveBeenCalled();
    expect(record.writeRecord).toHaveBeenCalledExactlyOnceWith({
      imageSource: 'debian',
      debianImage: 'sha256:debian',
    });
  });

  it.each([
    [true, 'download', /official download/],
    [false, 'build', /built from Go modules.*some minutes/],
  ])('chooses where Pulumi comes from by whether it can be downloaded (%s)', async (answers, how, reason) => {
    vi.mocked(reachable.isReachable).mockResolvedValue(answers);
    vi.mocked(pulumi.missingParts).mockReturnValue(['pulumi']);
    await run({ images: 'registry' });
    expect(made).toEqual([`${how} pulumi`]);
    expect(said[0]).toMatch(reason);
  });
});

describe("a person's own Pulumi that lacks a plugin", () => {
  beforeEach(() => {
    vi.mocked(pulumi.findOwnInstallation).mockReturnValue(OWN);
    vi.mocked(pulumi.hasPlugin).mockImplementation((_, name) => name !== 'docker');
    vi.mocked(pulumi.missingParts).mockReturnValue(['pulumi']);
  });

  it('gets that plugin where it can be downloaded', async () => {
    expect((await run({ images: 'registry', toolchain: 'download' })).installation).toBe(OWN);
    expect(made).toEqual(['plugin docker']);
  });

  it('is left alone where it must be built: then the bench has one of its own', async () => {
    const { installation } = await run({ images: 'registry', toolchain: 'build' });
    expect(installation).toBe(pulumi.benchInstallation);
    expect(made).toEqual(['build pulumi']);
  });
});

it('progress is kept from stdout, which a shell may be evaluating', async () => {
  vi.mocked(pulumi.missingParts).mockReturnValue(['pulumi']);
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await run({ images: 'registry' });
  expect(made).toEqual(['build pulumi']);
  expect(stdout).not.toHaveBeenCalled();
  expect(vi.mocked(process.stderr.write).mock.calls.join()).toContain('pulumi (build)');
});

it('a step that fails is an error in its own words, and later steps are not begun', async () => {
  vi.mocked(pulumi.missingParts).mockReturnValue(['pulumi', 'pulumi-resource-docker']);
  vi.mocked(pulumi.buildPart).mockRejectedValue(new EnvironmentError('go failed: disk full'));
  await expect(run({ images: 'registry' })).rejects.toThrow('go failed: disk full');
  expect(pulumi.buildPart).toHaveBeenCalledOnce();
  expect(record.writeRecord).not.toHaveBeenCalled();
});

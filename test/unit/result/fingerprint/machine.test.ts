/** Recorded texts of real systems; what is not there is null. */
import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import {
  cgroupLimits,
  hypervisor,
  machine,
  moment,
  runner,
} from '../../../../runner/result/fingerprint/machine.ts';

const reader = (files: Record<string, string>) => (path: string) => files[path];
const NOTHING = reader({});

test('a system that tells nothing: null, and no guesses', () => {
  expect(machine(NOTHING, {})).toMatchObject({
    governor: null,
    hypervisor: null,
    runner: null,
    limits: { cpus: null, memoryBytes: null },
    cpus: expect.any(Number),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  });
  expect(moment(NOTHING)).toMatchObject({ bootId: null, uptimeSeconds: expect.any(Number) });
});

test('the governor and the boot id are the first line of their files', () => {
  const read = reader({
    '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'schedutil\n',
    '/proc/sys/kernel/random/boot_id': '6f2c8f1e-0000-4000-8000-000000000000\n',
  });
  expect(machine(read, {}).governor).toBe('schedutil');
  expect(moment(read).bootId).toBe('6f2c8f1e-0000-4000-8000-000000000000');
});

const VIRTUAL = 'processor\t: 0\nflags\t\t: fpu vme rdtscp hypervisor lahf_lm\n';
const METAL = 'processor\t: 0\nflags\t\t: fpu vme rdtscp lahf_lm\n';

test.each([
  [
    'named by its firmware',
    {
      '/proc/cpuinfo': VIRTUAL,
      '/sys/class/dmi/id/sys_vendor': 'QEMU\n',
      '/sys/class/dmi/id/product_name': 'Standard PC\n',
    },
    'QEMU Standard PC',
  ],
  [
    'on Azure',
    { '/proc/cpuinfo': VIRTUAL, '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation\n' },
    'Microsoft Corporation',
  ],
  ['without firmware, as Firecracker', { '/proc/cpuinfo': VIRTUAL }, 'unnamed'],
  ['Xen', { '/proc/cpuinfo': METAL, '/sys/hypervisor/type': 'xen\n' }, 'xen'],
  ['bare metal', { '/proc/cpuinfo': METAL, '/sys/class/dmi/id/sys_vendor': 'Dell Inc.\n' }, null],
])('the hypervisor: %s', (_name, files, name) => {
  expect(hypervisor(reader(files as Record<string, string>))).toBe(name);
});

test("GitHub's runners are named by their system; the build of the image is of the moment", () => {
  const env = { RUNNER_ENVIRONMENT: 'github-hosted', ImageOS: 'ubuntu24', ImageVersion: '20251102.1' };
  expect(runner(env)).toBe('github-hosted ubuntu24');
  expect(moment(NOTHING, env).runnerImage).toBe('20251102.1');
  expect(moment(NOTHING, {}).runnerImage).toBeNull();
  expect(runner({})).toBeNull();
});

test.each([
  [
    'cgroup v2, limited',
    {
      '/proc/self/cgroup': '0::/docker/a\n',
      '/sys/fs/cgroup/docker/a/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/docker/a/memory.max': '536870912\n',
    },
    1.5,
    536870912,
  ],
  [
    'cgroup v2, in a container of its own name space',
    {
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/cpu.max': '50000 100000\n',
      '/sys/fs/cgroup/memory.max': 'max\n',
    },
    0.5,
    null,
  ],
  [
    'cgroup v2, unlimited',
    { '/proc/self/cgroup': '0::/user.slice\n', '/sys/fs/cgroup/user.slice/cpu.max': 'max 100000\n' },
    null,
    null,
  ],
  [
    'cgroup v1, limited',
    {
      '/proc/self/cgroup': '4:memory:/b\n2:cpu,cpuacct:/a\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '200000\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/memory/b/memory.limit_in_bytes': '1073741824\n',
    },
    2,
    1073741824,
  ],
  [
    'cgroup v1, unlimited',
    {
      '/proc/self/cgroup': '4:memory:/\n2:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    },
    null,
    null,
  ],
])('limits: %s', (_name, files, cpus, memoryBytes) => {
  expect(cgroupLimits(reader(files as Record<string, string>))).toEqual({ cpus, memoryBytes });
});

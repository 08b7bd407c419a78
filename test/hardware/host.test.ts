import { describe, expect, it } from 'vitest';
import {
  canIssue,
  type Host,
  type HostEvent,
  type Hosts,
  hasMemory,
  hostReducers,
  isRunning,
  newHost,
} from '../../src/hardware/host.ts';
import { evolveBy } from '../../src/kernel/reducers.ts';

const evolve: (state: Hosts, event: HostEvent) => void = evolveBy(hostReducers);

const hostAfter = (...facts: string[]): Host => {
  const state = { hosts: [newHost('primary'), newHost('secondary')] };
  for (const fact of facts) evolve(state, { kind: `host.${fact}`, host: 1 } as HostEvent);
  expect(state.hosts[0]).toEqual(newHost('primary'));
  return state.hosts[1];
};

describe('a host', () => {
  it.each([
    // facts, its software runs, its memory is there, what it issues takes effect
    [[], true, true, true],
    [['failed'], false, false, false],
    [['panicked'], false, true, true],
    [['panicked', 'failed'], false, false, false],
    [['suspected'], true, true, true],
    [['fenced'], true, true, false],
    [['suspected', 'fenced'], true, true, false],
    [['panicked', 'fenced'], false, true, false],
    [['fenced', 'unfenced'], true, true, true],
    [['failed', 'restarted'], true, true, true],
    [['failed', 'fenced', 'restarted'], true, true, false],
    [['failed', 'fenced', 'restarted', 'unfenced'], true, true, true],
  ])('after %j', (facts, running, memory, issues) => {
    const host = hostAfter(...facts);

    expect([isRunning(host), hasMemory(host), canIssue(host)]).toEqual([running, memory, issues]);
  });

  it.each([
    [['failed', 'failed'], 'the host has failed already'],
    [['failed', 'panicked'], 'the host has failed already'],
    [['panicked', 'panicked'], 'the host has panicked already'],
    [['suspected', 'suspected'], 'the host is suspected already'],
    [['fenced', 'fenced'], 'the host is fenced already'],
    [['unfenced'], 'the host is not fenced'],
    [['restarted'], 'the host runs'],
  ])('cannot have %j', (facts, reason) => {
    expect(() => hostAfter(...facts)).toThrow(reason);
  });

  it('may be suspected while it runs (F20), and is trusted again once it was restarted', () => {
    expect(hostAfter('suspected')).toMatchObject({ suspected: true, condition: 'running' });

    expect(hostAfter('suspected', 'failed', 'restarted')).toEqual(newHost('secondary'));
  });

  it('must be one that there is', () => {
    expect(() => evolve({ hosts: [] }, { kind: 'host.failed', host: 0 })).toThrow(
      'there is no host 0, but 0',
    );
  });
});

/**
 * Mechanisms: their shape, the parts of machines that they are composed of, and campaigns that put every fault in at every
 * event. One import is enough for a mechanism in one file:
 *
 *     import { eventTable, evolveBy, field, mechanism, runFaultCampaign } from 'tearline/mechanisms';
 *
 * `docs/adding-a-mechanism.md` walks through one; `examples/own-mechanism.mjs` is another.
 */

// Campaigns.
export type { MechanismSummary, MutantSummary } from './explore/fault-campaign/campaign-summary.ts';
export type { ScenarioResult } from './explore/fault-campaign/campaign-task.ts';
export {
  exploreFaults,
  type FaultExploration,
  type FaultExplorationOptions,
} from './explore/fault-campaign/explorer.ts';
export { type FaultCampaignOptions, runFaultCampaign } from './explore/fault-campaign/fault-campaign.ts';
export type { FaultInRun, FaultWitness } from './explore/fault-campaign/fault-witness.ts';
export { type HuntOptions, huntMutant, type MutantHunt } from './explore/fault-campaign/mutant-hunt.ts';
export {
  exploreSampled,
  type SampledExploration,
  type SampledOptions,
} from './explore/fault-campaign/sampled.ts';
export type { FaultVerdict, Violation } from './explore/fault-campaign/verdict.ts';
// Parts of hardware: for each its state, its events and their reducers.
export {
  type Batteries,
  type Battery,
  type BatteryEvent,
  type BatteryEventOf,
  batteryEvents,
  batteryOf,
  batteryReducers,
  canSupply,
  isPowered,
  newBattery,
} from './hardware/battery.ts';
export { BlockStore, patched, UNREADABLE } from './hardware/block-store.ts';
export {
  type Cached,
  type CacheRow,
  cacheEvents,
  evictLine,
  fillLine,
  holderOf,
  invalidateCache,
  passLine,
  rowOf,
} from './hardware/caches.ts';
export {
  arrivable,
  canRead,
  canWrite,
  completeWrite,
  type Disk,
  type DiskConfiguration,
  type DiskEvent,
  type DiskEventOf,
  type DiskFlush,
  type Disks,
  type DiskWrite,
  diskEvents,
  diskOf,
  diskReducers,
  endFlush,
  failWrite,
  newDisk,
  writeToComplete,
} from './hardware/disk.ts';
export { type FaultNumber, faultCatalogue } from './hardware/fault-catalogue.ts';
export {
  canIssue,
  type Host,
  type HostEvent,
  type HostEventOf,
  type Hosts,
  hasMemory,
  hostEvents,
  hostOf,
  hostReducers,
  isRunning,
  newHost,
} from './hardware/host.ts';
export {
  deliver,
  deliverable,
  isWhole,
  type Link,
  type LinkEvent,
  type LinkEventOf,
  type Links,
  linkEvents,
  linkOf,
  linkReducers,
  type Message,
  messageToDeliver,
  newLink,
} from './hardware/link.ts';
export {
  canTransmit,
  hasHoldSpace,
  hasRingSpace,
  type Nic,
  type NicEvent,
  type NicEventOf,
  type Nics,
  newNic,
  newVirtualFunction,
  nicEvents,
  nicOf,
  nicReducers,
  type Packet,
  type PacketQueue,
  packetToWire,
  type VirtualFunction,
  type VirtualFunctionConfiguration,
  virtualFunctionOf,
  wire,
} from './hardware/nic.ts';
// Parts of a hypervisor.
export { accessStep } from './hypervisor/access-step.ts';
export { PageMap } from './hypervisor/page-map.ts';
export { type Access, commonRights, isWithin, permits, type Rights } from './hypervisor/rights.ts';
export {
  dropsPending,
  isStale,
  newTlb,
  staleEntries,
  type Tlb,
  type TlbState,
  tlbEvents,
  tlbReducers,
} from './hypervisor/tlb.ts';
export { type TranslatingState, type Translation, translate } from './hypervisor/translate.ts';
export {
  newPageTables,
  type PageEntry,
  type PageTables,
  pagesOnFrame,
  type TranslationState,
  translationEvents,
  translationReducers,
  type Walk,
  walk,
} from './hypervisor/translation.ts';
export { trapEvents, trapReducers } from './hypervisor/traps.ts';
export {
  coreOf,
  coresOfMachine,
  type Exit,
  newVirtualCore,
  type VirtualCore,
  type VirtualCoreState,
} from './hypervisor/virtual-core.ts';
export {
  isPaused,
  newVirtualMachine,
  type VirtualMachine,
  type VirtualMachineState,
  virtualMachineEvents,
  virtualMachineReducers,
} from './hypervisor/virtual-machine.ts';
// What states and events are made of.
export { BitMap } from './kernel/bit-map.ts';
export { type ClassHash, classDigest, type Digestible } from './kernel/class-digest.ts';
export { CowBytes } from './kernel/cow-bytes.ts';
export { IllegalEvent, InputError, NondeterminismError, ReducerError } from './kernel/errors.ts';
export {
  type AnyEvent,
  type EventOf,
  type EventOfKind,
  type EventTable,
  eventTable,
  field,
} from './kernel/event-table.ts';
export { Fixed } from './kernel/fixed.ts';
export { Immutable } from './kernel/immutable.ts';
export { type Forkable, forkState } from './kernel/model.ts';
export { evolveBy, expectLegal, type Reducers } from './kernel/reducers.ts';
// The shape, and the mechanisms that come with tearline.
export { allMechanisms } from './mechanisms/all.ts';
export { generatedWorkload, type WorkloadOptions } from './mechanisms/controller-checkpoints/workloads.ts';
export { lossEvents } from './mechanisms/loss.ts';
export {
  type Choice,
  type Cost,
  type FaultCase,
  type Instruction,
  type Invariant,
  type Json,
  type Mechanism,
  type Mutant,
  mechanism,
  type Policy,
  type ReferenceModel,
  type Scenario,
  type Setting,
  type Thoroughness,
} from './mechanisms/mechanism.ts';
export { settingOf } from './mechanisms/setting.ts';

import type { FaultWitness } from '../../explore/fault-campaign/fault-witness.ts';
import { faultCatalogue } from '../../hardware/fault-catalogue.ts';
import type { AnyEvent, EventTable } from '../../kernel/event-table.ts';
import { commandList } from './command-list.ts';
import { type Command, word } from './commands.ts';
import type { ReportedMechanism } from './fault-campaign-report.ts';
import { clip, count, plural } from './format.ts';
import { type Fragment, html, type Markup } from './html.ts';
import { table } from './table.ts';

const EVENTS_LISTED = 250;
const BYTES_CHARACTERS = 32;
const TEXT_CHARACTERS = 400;

/** How a witness stands in the page. */
interface Placement {
  readonly id: string;
  readonly isOpen: boolean;
  /** Where its recording was written. */
  readonly recording: string | undefined;
}

/** A run that breaks an invariant: what breaks, its events with the faults marked, and how to see it again. */
export function witnessDetails(
  witness: FaultWitness,
  owner: ReportedMechanism,
  { id, isOpen, recording }: Placement,
): Markup {
  const { mutant, scenario, invariant, meaning, message, events } = witness;
  return html`<details class="witness" id="${id}"${isOpen && html` open`}>
<summary>${mutant === undefined ? html`Scenario <b>${scenario.name}</b>` : html`Mutant <b>${mutant}</b>`}: <b>${invariant}</b> does not hold after ${plural(events.length, 'event')}${faultsText(witness)}</summary>
<p><b>${invariant}</b>: ${meaning}. Found: <q>${clip(message, TEXT_CHARACTERS)}</q></p>
<div class="events">${eventsTable(witness, owner.mechanism.events)}</div>
<h4>Reproduce</h4>
${commandList(commandsFor(witness, owner, recording))}
</details>
`;
}

function faultsText({ faults }: FaultWitness): string {
  if (faults.length === 0) return ', without a fault';
  return `: ${faults.map(({ number, index }) => `${number} ${nameOf(number)} at event ${count(index)}`).join(', then ')}`;
}

const nameOf = (number: string): string =>
  number in faultCatalogue ? faultCatalogue[number as keyof typeof faultCatalogue].name : '';

function eventsTable({ scenario, events, faults }: FaultWitness, kinds: EventTable): Markup {
  const listed = events.slice(0, EVENTS_LISTED);
  const faultAt = (index: number): Fragment => {
    const fault = faults.find((one) => index >= one.index && index < one.index + one.events);
    return fault && html`<span class="fault">${fault.number}</span>`;
  };
  return table(
    listed.length < events.length
      ? `The first ${count(listed.length)} of ${count(events.length)} events, scenario ${scenario.name}`
      : `All events, scenario ${scenario.name}`,
    [
      { name: 'Event', kind: 'number' },
      { name: 'Fault' },
      { name: 'What happened', kind: 'code' },
      { name: 'With', kind: 'code' },
    ],
    listed.map((event, index) => [
      count(index),
      faultAt(index),
      html`<span title="${kinds[event.kind]?.meaning ?? ''}">${event.kind}</span>`,
      fieldsText(event),
    ]),
  );
}

const fieldsText = ({ kind: _, ...fields }: AnyEvent): string =>
  Object.entries<unknown>(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value === true ? name : `${name} ${valueText(value)}`))
    .join(', ');

const valueText = (value: unknown): string => {
  const text = typeof value === 'bigint' ? `0x${value.toString(16)}` : String(value);
  return text.length > BYTES_CHARACTERS ? `${text.slice(0, BYTES_CHARACTERS)}…` : text;
};

function commandsFor(
  { mutant, scenario, faults }: FaultWitness,
  { name, module }: ReportedMechanism,
  recording: string | undefined,
): Command[] {
  const own = module === undefined ? '' : ` --mechanism ${word(module)}`;
  const commands: Command[] = [];
  if (recording !== undefined) {
    commands.push({
      purpose: 'Replay the run and judge it anew',
      text: `tearline replay ${word(recording)}${own}`,
    });
    const [first] = faults;
    if (first !== undefined)
      commands.push({
        purpose: 'Show the state just before the first fault',
        text: `tearline show ${word(recording)} --at ${first.index}${own}`,
      });
  }
  const what = mutant === undefined ? `--scenario ${word(scenario.name)}` : `--mutant ${word(mutant)}`;
  commands.push({ purpose: 'Find it again', text: `tearline campaign ${word(module ?? name)} ${what}` });
  return commands;
}

import type { ControllerView, CoreView, LineView, PieceView, StateView } from '../explore/state-view.ts';
import { shortName } from '../hardware/persistent-memory/places.ts';
import type { MappedFile } from '../hardware/persistent-memory/state.ts';
import { firstFrame, printable, shortBytes } from './event-text.ts';

/** A state as lines for people; of long lists the first `limit` entries. */
export function stateText(view: StateView, files: readonly MappedFile[], limit: number): string[] {
  const place = ({ file, fileOffset }: { file: string; fileOffset: number }): string =>
    printable(`${shortName(files, file)}+0x${fileOffset.toString(16)}`);
  const some = <T>(entries: readonly T[], tell: (entry: T) => string | string[]): string[] => {
    const told = entries.slice(0, limit).flatMap(tell);
    if (entries.length > limit)
      told.push(`  … and ${entries.length - limit} more (--limit ${entries.length} shows all)`);
    return told;
  };
  const { platform, cores, lineBytes, controllers } = view.configuration;
  return [
    `platform ${platform}, power ${view.powered ? 'on' : 'off'}; ${cores} ${cores === 1 ? 'core' : 'cores'}, ` +
      `${controllers} memory controllers, lines of ${lineBytes} bytes`,
    ...(view.torn ? ['a media write is torn: only the loss of power can follow'] : []),
    '',
    view.mappings.length === 0 ? 'no file is mapped' : 'mapped files',
    ...some(view.mappings, ({ file, fileOffset, base, sizeBytes }) => {
      return `  ${place({ file, fileOffset })}  ${sizeBytes} bytes at ${base}  ${printable(file)}`;
    }),
    '',
    'cores',
    ...some(view.cores, (core) => coreText(core, place, limit)),
    '',
    ...linesText(view, place, some),
    '',
    'write pending queues',
    ...view.controllers.map((controller) => queueText(controller, place, limit)),
    '',
    `markers open  ${view.markers.length === 0 ? 'none' : printable(view.markers.join(', '))} (${view.markersPassed} passed)`,
    imagesText(view),
    `state digest  ${view.digests.state}`,
  ];
}

type PlaceText = (place: { file: string; fileOffset: number }) => string;
type Some = <T>(entries: readonly T[], tell: (entry: T) => string | string[]) => string[];

function coreText(view: CoreView, place: PlaceText, limit: number): string[] {
  const { core, instructions, fence, hint, locked, storeBuffer, flushed, combining } = view;
  const waits =
    fence !== null
      ? `waits for its ${fence}`
      : hint !== null
        ? `waits for the flush hint of controller ${hint}`
        : 'runs';
  const awaited = [
    ...flushed.map((line) => `${place(line)} flushed`),
    ...combining.map((line) => `${place(line)} non-temporal`),
  ];
  return [
    `  core ${core}  ${waits}${locked ? ', about to store (locked)' : ''}; ${instructions} instructions done; ` +
      `store buffer ${storeBuffer.length === 0 ? 'empty' : `of ${storeBuffer.length}:`}`,
    ...storeBuffer.slice(0, limit).map(({ what, sizeBytes, data, source, ...at }) => {
      const bytes = data === null ? `${sizeBytes} bytes` : shortBytes(data);
      return `    ${what} ${place(at)}  ${bytes}${source === null ? '' : `  ${firstFrame(source)}`}`;
    }),
    ...(awaited.length === 0 ? [] : [`    its fence waits for ${listed(awaited, limit)}`]),
  ];
}

function linesText({ lines, configuration }: StateView, place: PlaceText, some: Some): string[] {
  if (lines.length === 0) return ['no line has anything outside the persistence domain'];
  const head = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} with pieces outside the persistence domain`;
  return [head, ...some(lines, (line) => lineText(line, place, configuration.platform))];
}

function lineText(
  { pieces, contents, contentsExact, controller, ...at }: LineView,
  place: PlaceText,
  platform: string,
): string[] {
  const many = `${contentsExact ? '' : 'at least '}${contents} distinct ${contents === 1 ? 'content' : 'contents'}`;
  return [
    `  ${place(at)}  controller ${controller}, ${many}`,
    ...pieces.map((piece) => pieceText(piece, place, platform)),
  ];
}

function pieceText(piece: PieceView, place: PlaceText, platform: string): string {
  const { event, core, data, nonTemporal, source, flushedBy, accepted } = piece;
  const flushed = nonTemporal
    ? 'non-temporal'
    : flushedBy.length > 0
      ? `flushed by core ${flushedBy.join(', ')}`
      : 'not flushed';
  const where = accepted ? `in its queue, lost with it on ${platform}` : `${flushed}, not accepted`;
  const from = source === null ? '' : `  ${firstFrame(source)}`;
  return `    #${event}  ${place(piece)}  ${data}  core ${core}, ${where}${from}`;
}

function queueText(
  { controller, queue, hintPending }: ControllerView,
  place: PlaceText,
  limit: number,
): string {
  const hint = hintPending ? ', works on a flush hint' : '';
  const lines = queue.map((entry) => `${place(entry)} since #${entry.sinceEvent}`);
  return `  controller ${controller}  ${queue.length === 0 ? 'empty' : `${queue.length} ${queue.length === 1 ? 'line' : 'lines'}: ${listed(lines, limit)}`}${hint}`;
}

function imagesText({ images, powered }: StateView): string {
  if (!powered) return 'power is off: what is on the media is the one image left';
  const { distinct, distinctLog2, combinations, combinationsLog2 } = images;
  const count = distinct === null ? `about 2^${distinctLog2.toFixed(1)}` : String(distinct);
  const ways = combinations ?? `about 2^${combinationsLog2.toFixed(1)}`;
  return `a crash here leaves one of ${count} distinct ${distinct === 1 ? 'image' : 'images'} (${ways} ${ways === '1' ? 'combination' : 'combinations'} of pieces)`;
}

const listed = (texts: readonly string[], limit: number): string =>
  texts.length <= limit
    ? texts.join(', ')
    : `${texts.slice(0, limit).join(', ')} and ${texts.length - limit} more`;

/** The page's style. It must stand between `<style>` tags as it is. */
export const PAGE_STYLE = `
:root {
  --ground: #fff; --raised: #f4f5f7; --ink: #1a1d21; --soft: #565d66; --rule: #d5d9de; --faint: #c3c9d0;
  --bars: #66717f; --images: #2c5f9e; --bad: #b3201c; --bad-soft: rgba(179, 32, 28, 0.13); --good: #1c6b3c;
  --doubt: #865300; --link: #1f5aa6; --on: #fff; --span: #e6eaf0; --span-edge: #aab4c0;
  --gutter: 10.5rem; --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1d2126; --ink: #e3e6ea; --soft: #a0a9b4; --rule: #343a42; --faint: #4a525c;
    --bars: #8a95a3; --images: #79ade8; --bad: #ff8b82; --bad-soft: rgba(255, 110, 100, 0.2); --good: #74cc95;
    --doubt: #e6b65c; --link: #8bbcf5; --on: #14171b; --span: #29313a; --span-edge: #56616e;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 var(--sans);
}
main { max-width: 1120px; margin: 0 auto; padding: 28px 28px 56px; }
h1, h2, h3, h4, p, dl, dd, figure { margin: 0; }
h1, h2, h3, p, dd, caption { overflow-wrap: anywhere; }
td { overflow-wrap: break-word; }
p { max-width: 78ch; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.code, code { font-family: var(--mono); font-size: 0.866em; white-space: pre-wrap; overflow-wrap: anywhere; }
.note { color: var(--soft); font-size: 13px; }
.eyebrow { color: var(--soft); font-size: 13px; }
.eyebrow span { color: var(--ink); font-weight: 600; margin: 0 6px; }
.verdict { display: flex; gap: 13px; align-items: flex-start; margin-top: 8px; max-width: 48em; font-size: 22px; line-height: 1.36; font-weight: 400; }
.verdict strong { color: var(--tone); font-weight: 650; }
.verdict .shape { flex: none; margin-top: 1px; fill: var(--tone); }
.shape .sign { fill: none; stroke: var(--on); stroke-width: 2.3; stroke-linecap: round; stroke-linejoin: round; }
.violating { --tone: var(--bad); }
.interrupted, .undecided, .incomplete { --tone: var(--doubt); }
.clean { --tone: var(--good); }
.explored { --tone: var(--images); }
section { margin-top: 34px; }
h2 { font-size: 17px; font-weight: 650; line-height: 1.3; margin-bottom: 10px; }
h3 { font-size: 16px; font-weight: 650; line-height: 1.35; }
h4 { font-size: 13px; font-weight: 650; margin: 18px 0 4px; }

.numbers { display: grid; grid-template-columns: repeat(7, auto); border: solid var(--rule); border-width: 1px 0; }
.numbers div { padding: 9px 16px 10px 0; }
.numbers dt { color: var(--soft); font-size: 13px; }
.numbers dd { font-size: 19px; line-height: 1.3; font-variant-numeric: tabular-nums; }
sup { font-size: 0.7em; line-height: 0; }
.bad { color: var(--bad); font-weight: 650; }
.doubtful { color: var(--doubt); font-weight: 650; }
.numbers + p, .numbers ~ p, .numbers ~ details { margin-top: 10px; }

figcaption { color: var(--soft); font-size: 13px; margin-bottom: 8px; }
.key-window { display: inline-block; width: 14px; height: 9px; background: var(--bad); vertical-align: baseline; }
.plots {
  position: relative; display: grid; grid-template-columns: var(--gutter) minmax(0, 1fr); row-gap: 5px;
  border-top: 1px solid var(--rule); padding-top: 8px; cursor: crosshair; user-select: none; -webkit-user-select: none; touch-action: pan-y;
}
.plots svg { display: block; width: 100%; overflow: hidden; }
.label { color: var(--soft); font-size: 13px; line-height: 1.25; padding-right: 12px; align-self: end; }
.label b { color: var(--ink); font-weight: 500; font-variant-numeric: tabular-nums; float: right; }
.label.images { align-self: center; }
.label.axis-row { align-self: start; }
.scale { display: block; font-size: 12px; }
.plot { position: relative; align-self: end; }
.plots svg svg { display: inline; width: auto; }
.plots svg svg.lane { width: 100%; }
svg.bands { position: absolute; left: var(--gutter); right: 0; top: 0; width: calc(100% - var(--gutter)); height: calc(100% - 22px); z-index: 1; pointer-events: none; }
.bands path { fill: var(--bad-soft); }
.windows .lane path { fill: var(--bad); stroke: var(--bad); stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
.windows text { fill: var(--bad); font-size: 11px; font-weight: 650; }
.ground { stroke: var(--rule); stroke-width: 1px; vector-effect: non-scaling-stroke; fill: none; }
.bars { fill: var(--bars); }
.images .bars { fill: var(--images); }
.spans rect { fill: var(--span); stroke: var(--span-edge); stroke-width: 1px; }
.spans .many rect { stroke-dasharray: 3 2; }
.spans text { fill: var(--ink); font-size: 11px; }
.axis line { stroke: var(--soft); }
.axis text { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.cursor, .selection { position: absolute; top: 0; bottom: 22px; pointer-events: none; }
.cursor { width: 0; border-left: 1px solid var(--ink); }
.selection { background: var(--link); opacity: 0.22; }
.readout { display: flex; gap: 12px; align-items: baseline; margin: 6px 0 0 var(--gutter); min-height: 3em; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.readout output { flex: 1; max-width: 90ch; overflow-wrap: anywhere; }

details { margin-top: 14px; }
summary { cursor: pointer; font-weight: 650; font-size: 13px; }
.scroll { overflow-x: auto; margin-top: 12px; }
table { border-collapse: collapse; font-size: 13.5px; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 4px; }
th, th.code { text-align: left; font: 600 12.5px/1.5 var(--sans); color: var(--soft); white-space: nowrap; }
th, td { padding: 4px 20px 4px 0; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
td.place { min-width: 20ch; }
td.prose { min-width: 24ch; }
td.term { white-space: nowrap; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.window-number { color: var(--bad); font-weight: 650; }

article { margin-top: 30px; padding-top: 14px; border-top: 1px solid var(--ink); }
h2 + article { margin-top: 0; }
.ordinal { color: var(--soft); font-weight: 500; margin-right: 6px; }
h3 .images { color: var(--bad); font-weight: 500; font-size: 14px; margin-left: 8px; }
.explanation { margin-top: 6px; }
q { font-style: normal; overflow-wrap: anywhere; }
.mark-durable, .mark-lost { display: inline-block; width: 10px; height: 10px; margin-right: 7px; vertical-align: -0.5px; }
.mark-durable { background: var(--images); }
.mark-lost { border: 1.5px dashed var(--bad); }
.lines td { vertical-align: middle; }
.atoms { display: block; max-width: none; }
.legend .atoms { display: inline-block; vertical-align: -5px; }
.legend { margin-top: 7px; max-width: none; }
.atoms rect { stroke-width: 1.3px; }
.atoms rect.durable { fill: var(--images); stroke: var(--images); }
.atoms rect.lost { fill: none; stroke: var(--bad); stroke-dasharray: 3 2; }
.atoms rect.before { fill: none; stroke: var(--faint); }
.atoms text { fill: var(--on); font-size: 11.5px; font-weight: 650; text-anchor: middle; }
.atoms path.lost { fill: none; stroke: var(--bad); stroke-width: 1.8px; }
.commands dt { color: var(--soft); font-size: 13px; margin-top: 6px; }
.commands dd { display: flex; gap: 8px; align-items: stretch; margin-top: 2px; }
.commands code { flex: 0 1 auto; background: var(--raised); padding: 5px 10px; border-radius: 3px; min-width: 0; }
button {
  font: inherit; font-size: 13px; line-height: 1.3; color: var(--link); background: none; border: 1px solid var(--rule);
  border-radius: 3px; padding: 2px 9px; cursor: pointer; white-space: nowrap;
}
td button { padding: 0 7px; }
button:hover { border-color: var(--link); }
article > .note { margin-top: 14px; }
.details { display: grid; grid-template-columns: var(--gutter) minmax(0, 1fr); font-size: 13.5px; border-top: 1px solid var(--rule); }
.details dt, .details dd { padding: 4px 0; border-bottom: 1px solid var(--rule); }
.details dt { color: var(--soft); }

@media (max-width: 760px) {
  main { padding: 18px 16px 40px; }
  .verdict { font-size: 18.5px; gap: 11px; }
  .verdict .shape { width: 25px; height: 25px; }
  .numbers { grid-template-columns: repeat(auto-fill, minmax(7.4rem, 1fr)); }
  .numbers div { padding: 6px 10px 6px 0; }
  .plots { --gutter: 0px; grid-template-columns: minmax(0, 1fr); row-gap: 2px; }
  .readout { margin-left: 0; }
  .label { align-self: start; margin-top: 5px; padding: 0; }
  .label b { float: none; margin-left: 5px; }
  .scale { display: inline; margin-left: 5px; }
  .label.axis-row { display: none; }
  .details { --gutter: 6rem; }
  th, td { padding-right: 14px; }
}
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  button, .scripted { display: none !important; }
  tr, figure, h2, h3, h4 { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; scroll-behavior: auto !important; } }
`;

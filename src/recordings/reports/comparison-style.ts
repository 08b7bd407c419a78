/** What the page of a comparison has beside the style of every page. It must stand between `<style>` tags as it is. */
export const COMPARISON_STYLE = `
:root { --one: #2c5f9e; --two: #b45309; --three: #1c7a4a; --four: #7c3fa8; --five: #0b7f8c; --six: #5b6470; }
@media (prefers-color-scheme: dark) {
  :root { --one: #79ade8; --two: #f0a35e; --three: #74cc95; --four: #c79bea; --five: #5cc8d0; --six: #a9b2bd; }
}
.series-0 { --series: var(--one); } .series-1 { --series: var(--two); } .series-2 { --series: var(--three); }
.series-3 { --series: var(--four); } .series-4 { --series: var(--five); } .series-5 { --series: var(--six); }
h1 { font-size: 22px; line-height: 1.36; font-weight: 650; margin-top: 8px; }
h1 + p { margin-top: 6px; }
.variants { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 14px; margin-top: 14px; }
.variants dt { font-weight: 650; white-space: nowrap; }
.variants dt svg, .legend-lines dt svg { margin-right: 8px; vertical-align: -1px; }
.variants dd { color: var(--soft); }

.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 22px 34px; }
.figures figcaption { color: var(--ink); font-size: 13.5px; line-height: 1.35; min-height: 2.7em; display: flex; align-items: end; margin-bottom: 5px; }
.bar-rows { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content; gap: 2px 9px; align-items: center; font-size: 13px; }
.bar-rows dt { color: var(--soft); white-space: nowrap; }
.bar-rows dd { display: contents; font-variant-numeric: tabular-nums; }
.bar-rows dd span { text-align: right; white-space: nowrap; }
.bar-rows svg { display: block; width: 100%; height: 11px; }
.bar-rows rect { fill: var(--series); }
.bar-rows .mean { stroke: var(--ground); stroke-width: 2px; }

.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 26px 40px; margin-top: 12px; }
.curves figcaption { color: var(--ink); font-size: 13.5px; min-height: 2.7em; display: flex; align-items: end; }
.curve { display: block; width: 100%; height: 262px; overflow: visible; }
.curve .grid { stroke: var(--rule); stroke-width: 1px; }
.curve .grid.ground { stroke: var(--soft); }
.curve text { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.curve .line { fill: none; stroke: var(--series); stroke-width: 2px; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.point path { fill: var(--series); stroke: var(--ground); stroke-width: 1px; }
.legend-lines { display: flex; flex-wrap: wrap; gap: 2px 18px; margin-top: 4px; font-size: 13px; }

.survival td.cell { min-width: 5.6rem; padding-right: 16px; }
.survival td.cell svg { display: block; width: 100%; height: 6px; margin-top: 3px; }
.survival .kept { fill: var(--images); }
.survival .lost { fill: none; stroke: var(--doubt); stroke-width: 1.5px; stroke-dasharray: 3 2; }
.survival .broken { fill: var(--bad); }
.survival .silent { color: var(--soft); }
.survival-key { display: inline-block; width: 22px; height: 8px; margin: 0 5px 0 0; vertical-align: 0; }
.survival-key.kept { background: var(--images); }
.survival-key.lost { border: 1.5px dashed var(--doubt); margin-left: 12px; }
@media (max-width: 760px) {
  .figures figcaption, .curves figcaption { min-height: 0; }
  .survival td.term { white-space: normal; }
}
`;

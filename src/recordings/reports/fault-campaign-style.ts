/** What the page of a campaign over mechanisms has beside the style of every page. It must stand between `<style>` tags as it is. */
export const FAULT_CAMPAIGN_STYLE = `
article > p.note { margin-top: 2px; }
h4 + .scroll { margin-top: 4px; }
.witness { border-top: 1px solid var(--rule); padding-top: 8px; margin-top: 10px; }
.witness summary { font-weight: 500; font-size: 13.5px; }
.witness summary b { font-weight: 650; }
.witness > p { margin-top: 8px; }
.events { margin-top: 4px; }
.events td { padding-top: 2px; padding-bottom: 2px; border-bottom-color: var(--span); }
.events tr:has(.fault) td { background: var(--bad-soft); }
.fault { color: var(--bad); font-weight: 650; white-space: nowrap; }
.events td:nth-child(3) { white-space: nowrap; }
`;

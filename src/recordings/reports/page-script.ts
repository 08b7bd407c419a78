import { COPY_BUTTONS } from './copy-script.ts';

/**
 * The page's script: reads the timeline out under pointer and arrow keys, zooms, copies commands. The page is whole
 * without it. It must stand between `<script>` tags as it is, and makes text nodes only.
 */
export const PAGE_SCRIPT = `
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('timeline-data').textContent);
  const plots = byId('plots'), cursor = byId('cursor'), selection = byId('selection');
  const readout = byId('readout'), whole = byId('whole');
  const ns = 'http://www.w3.org/2000/svg';
  const number = (value) => value.toLocaleString('en-US');
  const end = Math.max(1, data.events);
  let view = [0, end], at = -1, grabbed = null;

  for (const one of document.querySelectorAll('.scripted')) one.hidden = false;

  const area = () => plots.querySelector('.plot').getBoundingClientRect();
  const share = (index) => (index - view[0]) / (view[1] - view[0]);
  const eventAt = (x) => {
    const { left, width } = area();
    return view[0] + Math.min(1, Math.max(0, (x - left) / width)) * (view[1] - view[0]);
  };
  const put = (element, from, to) => {
    const { left, width } = area(), start = left - plots.getBoundingClientRect().left;
    const clamp = (value) => start + width * Math.min(1, Math.max(0, value));
    element.style.left = clamp(share(from)) + 'px';
    if (to !== undefined) element.style.width = clamp(share(to)) - clamp(share(from)) + 'px';
    element.hidden = false;
  };

  const say = (index) => {
    at = Math.min(end - 1, Math.max(0, Math.floor(index)));
    if (data.events === 0) return;
    const size = data.eventsPerBucket, bucket = Math.floor(at / size);
    const from = bucket * size, to = Math.min(end, from + size);
    put(cursor, (from + to) / 2);
    const parts = [];
    for (const [lane, one, many] of [['stores', 'store', 'stores'], ['flushes', 'flush', 'flushes'], ['fences', 'fence', 'fences'],
      ['accepted', 'line accepted', 'lines accepted'], ['markers', 'marker', 'markers'], ['others', 'other', 'others']]) {
      const count = data.lanes[lane][bucket];
      if (count > 0) parts.push(number(count) + ' ' + (count === 1 ? one : many));
    }
    const log2 = data.images[bucket];
    const images = log2 <= 30 ? number(Math.round(2 ** log2)) : '2^' + log2;
    let text = (to - from > 1 ? 'Events ' + number(from) + ' to ' + number(to - 1) : 'Event ' + number(from)) + ': ' +
      (parts.join(', ') || 'nothing') + '. A crash can leave ' + (images === '1' ? 'one image' : (to - from > 1 ? 'up to ' : '') + images + ' images') + '.';
    const within = [...plots.querySelectorAll('.spans > svg')].filter((span) => +span.dataset.from < to && +span.dataset.to > from);
    if (within.length > 0) text += ' Within ' + within.slice(0, 6).map((span) => span.dataset.name).join(' \\u203a ') + '.';
    data.windows.forEach(([start, stop], i) => {
      if (start < to && stop > from) text += ' Vulnerable window ' + (i + 1) + '.';
    });
    readout.textContent = text;
  };

  const axis = () => {
    const svg = plots.querySelector('.axis'), length = view[1] - view[0];
    const rough = Math.max(1, length / (area().width < 500 ? 4 : 8)), power = 10 ** Math.floor(Math.log10(rough));
    const step = ([1, 2, 5, 10].find((one) => one * power >= rough) || 10) * power;
    svg.replaceChildren();
    for (let tick = Math.ceil(view[0] / step) * step; tick <= view[1]; tick += step) {
      const x = 100 * share(tick) + '%', line = document.createElementNS(ns, 'line'), text = document.createElementNS(ns, 'text');
      for (const [key, value] of [['x1', x], ['x2', x], ['y1', 0], ['y2', 5]]) line.setAttribute(key, value);
      text.setAttribute('x', x);
      text.setAttribute('y', 18);
      text.setAttribute('text-anchor', share(tick) < 0.04 ? 'start' : share(tick) > 0.96 ? 'end' : 'middle');
      text.textContent = number(tick);
      svg.append(line, text);
    }
  };

  const show = (from, to) => {
    const least = Math.min(end, 8 * data.eventsPerBucket), length = Math.max(least, to - from);
    from = Math.min(end - length, Math.max(0, (from + to - length) / 2));
    view = [from, from + length];
    const size = data.eventsPerBucket;
    for (const lane of plots.querySelectorAll('.lane')) {
      lane.setAttribute('viewBox', from / size + ' 0 ' + length / size + ' ' + lane.viewBox.baseVal.height);
    }
    for (const span of plots.querySelectorAll('.spans > svg')) {
      // The part in view, so that its name stays in sight.
      const start = Math.max(0, share(+span.dataset.from)), stop = Math.min(1, share(+span.dataset.to));
      span.setAttribute('display', stop > start ? 'inline' : 'none');
      span.setAttribute('x', 100 * start + '%');
      span.setAttribute('width', 100 * Math.max(0, stop - start) + '%');
      if (stop - start > 0.03 && !span.querySelector('text')) {
        const text = document.createElementNS(ns, 'text');
        text.setAttribute('x', 4);
        text.setAttribute('y', 11);
        text.textContent = span.dataset.name;
        span.append(text);
      }
    }
    for (const label of plots.querySelectorAll('[data-at]')) label.setAttribute('x', 100 * share(+label.dataset.at) + '%');
    axis();
    whole.hidden = length >= end;
    cursor.hidden = true;
  };

  plots.addEventListener('pointerdown', (pointer) => {
    if (pointer.button !== 0) return;
    grabbed = eventAt(pointer.clientX);
    if (pointer.pointerType === 'mouse') plots.setPointerCapture(pointer.pointerId);
  });
  plots.addEventListener('pointermove', (pointer) => {
    say(eventAt(pointer.clientX));
    if (grabbed === null || pointer.pointerType !== 'mouse') return;
    const now = eventAt(pointer.clientX);
    put(selection, Math.min(grabbed, now), Math.max(grabbed, now));
  });
  plots.addEventListener('pointerup', (pointer) => {
    const from = grabbed, to = eventAt(pointer.clientX);
    grabbed = null;
    selection.hidden = true;
    if (from === null || Math.abs(share(to) - share(from)) < 0.01) say(to);
    else if (pointer.pointerType === 'mouse') show(Math.min(from, to), Math.max(from, to));
  });
  plots.addEventListener('pointercancel', () => { grabbed = null; selection.hidden = true; });
  plots.addEventListener('pointerleave', () => { if (document.activeElement !== plots) cursor.hidden = true; });
  plots.addEventListener('keydown', (key) => {
    const size = data.eventsPerBucket, length = view[1] - view[0], middle = at < 0 ? (view[0] + view[1]) / 2 : at;
    const step = Math.max(size, key.shiftKey ? length / 10 : length / 100);
    const moves = { ArrowLeft: middle - step, ArrowRight: middle + step, Home: 0, End: end - 1 };
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.key in moves) {
      const to = Math.min(end - 1, Math.max(0, moves[key.key]));
      if (to < view[0] || to >= view[1]) show(to - length / 2, to + length / 2);
      say(to);
    } else if (key.key === '+' || key.key === '=') { show(middle - length / 4, middle + length / 4); say(middle); }
    else if (key.key === '-') { show(middle - length, middle + length); say(middle); }
    else if (key.key === 'Escape') { show(0, end); }
    else return;
    key.preventDefault();
  });
  whole.addEventListener('click', () => { show(0, end); plots.focus(); });
  for (const button of document.querySelectorAll('[data-zoom-from]')) {
    button.addEventListener('click', () => {
      const from = +button.dataset.zoomFrom, to = +button.dataset.zoomTo, around = Math.max(to - from, data.eventsPerBucket * 8);
      show(from - around, to + around);
      plots.scrollIntoView({ block: 'nearest' });
      say((from + to) / 2);
    });
  }
  addEventListener('resize', axis);
  axis();
${COPY_BUTTONS}})();
`;

// Runs in the page. Draws the report's data in the colors of the style sheet.
const { result, search } = JSON.parse(document.getElementById('report').textContent);
const { Chart } = window;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const line = (label, name, data, more = {}) => ({
  label,
  data,
  borderColor: color(name),
  backgroundColor: color(name),
  borderWidth: 2,
  pointRadius: data.length > 1 ? 0 : 3,
  pointHitRadius: 8,
  ...more,
});

const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const isRound = (value) => [1, 2, 5].includes(Number((value / 10 ** Math.floor(Math.log10(value))).toPrecision(3)));

const title = (text) => ({ display: true, text, color: color('muted') });
const axis = (text, more = {}) => ({
  title: title(text),
  grid: { color: color('line') },
  border: { display: false },
  ...more,
  ticks: { color: color('muted'), maxRotation: 0, ...more.ticks },
});
const logTicks = { callback: (value) => (isRound(value) ? short.format(value) : undefined) };
const logarithmic = (text) => axis(text, { type: 'logarithmic', ticks: logTicks });
const seconds = () => axis('seconds', { type: 'linear', min: 0, ticks: { maxTicksLimit: 8 } });

/** 1 / (1 - share): 2 is 50 %, 10 is 90 %, 100 is 99 %. */
const rarity = (percentile) => 100 / (100 - percentile);
const percentOf = (value) => `${Number((100 - 100 / value).toPrecision(value < 100 ? 3 : 6))} %`;
const percentiles = () =>
  axis('of requests', {
    type: 'logarithmic',
    min: 1,
    afterBuildTicks: (scale) => {
      scale.ticks = [2, 10, 100, 1000, 10_000, 100_000].filter((at) => at <= scale.max).map((value) => ({ value }));
    },
    ticks: { callback: percentOf },
  });

const labels = {
  ms: ({ dataset, parsed }) => `${dataset.label} ${short.format(parsed.y)} ms`,
  count: ({ dataset, parsed }) => `${dataset.label} ${short.format(parsed.y)}`,
};

const charts = {
  seconds: () => ({
    datasets: [
      line('p50', 'blue', over('p50')),
      line('p99', 'orange', over('p99')),
      line('max', 'grey', over('max'), { borderWidth: 1 }),
    ],
    scales: { x: seconds(), y: logarithmic('ms') },
    heading: (x) => `second ${x}`,
  }),
  counts: () => ({
    datasets: [line('requests', 'blue', over('count')), line('errors', 'red', over('errors'), { fill: true })],
    scales: { x: seconds(), y: axis('per second', { min: 0 }) },
    heading: (x) => `second ${x}`,
    label: labels.count,
  }),
  curves: () => ({
    datasets: [
      line('reads', 'blue', curve(result.curves.reads)),
      line('writes', 'green', curve(result.curves.writes)),
    ].filter(({ data }) => data.length > 0),
    scales: { x: percentiles(), y: logarithmic('ms') },
    heading: percentOf,
    mode: 'nearest',
  }),
  freshness: () => ({
    datasets: [
      dots(
        'seen',
        'blue',
        result.freshness.samples.filter(({ seen }) => seen),
      ),
      dots(
        'not seen',
        'red',
        result.freshness.samples.filter(({ seen }) => !seen),
      ),
    ].filter(({ data }) => data.length > 0),
    scales: { x: seconds(), y: logarithmic('ms') },
    heading: (x) => `at ${short.format(x)} s`,
    mode: 'nearest',
  }),
  rates: () => ({
    datasets: [line('p50', 'blue', steps('p50'), marks()), line('p99', 'orange', steps('p99'), marks()), limit()],
    scales: { x: axis('requests a second', { type: 'linear', min: 0 }), y: logarithmic('ms') },
    heading: (x) => `${short.format(x)} a second`,
    mode: 'nearest',
  }),
};

const over = (figure) => result.bySecond.map((second) => ({ x: second.second, y: second[figure] }));
const curve = (points) => points.map(({ percentile, ms }) => ({ x: rarity(percentile), y: ms }));
const dots = (label, name, samples) =>
  line(
    label,
    name,
    samples.map(({ at, ms }) => ({ x: at / 1000, y: ms })),
    { showLine: false, pointRadius: 2.5 },
  );

const byRate = search ? search.steps.toSorted((a, b) => a.rate - b.rate) : [];
const steps = (figure) => byRate.map((step) => ({ x: step.rate, y: step[figure] }));
const marks = () => ({
  borderWidth: 1.5,
  pointRadius: 5,
  pointStyle: byRate.map(({ complaints }) => (complaints.length === 0 ? 'circle' : 'crossRot')),
});

const limit = () => {
  const ends = [byRate[0].rate, byRate.at(-1).rate];
  const more = { borderDash: [4, 4], borderWidth: 1, pointRadius: 0, pointHitRadius: 0 };
  return line(
    'p99 limit',
    'grey',
    ends.map((x) => ({ x, y: 100 })),
    more,
  );
};

function draw(id, { datasets, scales, heading, mode = 'index', label = labels.ms }) {
  return new Chart(document.getElementById(id), {
    type: 'line',
    data: { datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode, intersect: false },
      scales,
      plugins: {
        legend: { align: 'start', labels: { color: color('ink'), boxWidth: 14, boxHeight: 2 } },
        tooltip: { callbacks: { title: ([first]) => first && heading(first.parsed.x), label } },
      },
    },
  });
}

let drawn = [];
function drawAll() {
  for (const chart of drawn) chart.destroy();
  drawn = Object.entries(charts)
    .filter(([id]) => document.getElementById(id))
    .map(([id, describe]) => draw(id, describe()));
}
drawAll();
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

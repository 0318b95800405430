/** An advisory that is known and does not concern this project, and why. */
export interface Accepted {
  /** Such as `GHSA-jrc7-96c5-q579`. */
  readonly advisory: string;
  readonly reason: string;
}

export interface Verdict {
  readonly passes: boolean;
  readonly lines: readonly string[];
}

const SEVERE: ReadonlySet<unknown> = new Set(['high', 'critical']);

interface Advisory {
  readonly source: number;
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
  readonly range: string;
}

interface Report {
  readonly auditReportVersion?: unknown;
  readonly vulnerabilities?: Record<string, { readonly via: readonly (Advisory | string)[] }>;
  /** Of an answer of the registry that is not a report. */
  readonly statusCode?: number;
  readonly message?: string;
}

/** Statuses of registries without this service. */
const UNSUPPORTED: ReadonlySet<unknown> = new Set([404, 405, 501]);

/**
 * Judges the output of `npm audit --json` (npm 7 or later). Fails for an advisory of severity high or critical that is
 * not accepted, and for output that cannot be understood. A registry that does not answer audits proves nothing.
 */
export function judgeReport(output: string, accepted: readonly Accepted[]): Verdict {
  const report = parse(output);
  if (UNSUPPORTED.has(report.statusCode)) {
    return { passes: true, lines: ['! the registry does not answer audit requests; not checked'] };
  }
  if (isDown(report)) return { passes: true, lines: ['! the registry cannot be reached; not checked'] };
  if (report.auditReportVersion !== 2 || !report.vulnerabilities) {
    return { passes: false, lines: [`npm audit answered something else than a report: ${output.slice(0, 300)}`] };
  }
  const severe = severeOf(report.vulnerabilities);
  const isAccepted = (advisory: Advisory) => accepted.some((each) => each.advisory === idOf(advisory));
  const refused = severe.filter((advisory) => !isAccepted(advisory));
  const unused = accepted.filter(({ advisory }) => !severe.some((each) => idOf(each) === advisory));
  return {
    passes: refused.length === 0,
    lines: [
      ...refused.map(({ name, range, severity, title, url }) => `✗ ${name} ${range}: ${severity}: ${title} (${url})`),
      ...unused.map(({ advisory }) => `! ${advisory} is accepted and no longer reported; remove it from the list`),
      `${severe.length} advisories of severity high or critical, ${severe.length - refused.length} accepted`,
    ],
  };
}

const isDown = ({ statusCode = 0, message = '' }: Report) =>
  statusCode >= 500 || /^(request to \S+ failed|network timeout)/.test(message);

/** Packages that are concerned only through others have names instead of advisories. */
function severeOf(vulnerabilities: NonNullable<Report['vulnerabilities']>): Advisory[] {
  const advisories = new Map<number, Advisory>();
  for (const { via } of Object.values(vulnerabilities)) {
    for (const each of via)
      if (typeof each !== 'string' && SEVERE.has(each.severity)) advisories.set(each.source, each);
  }
  return [...advisories.values()];
}

const idOf = ({ url, source }: Advisory) => /GHSA(?:-\w{4}){3}/.exec(url)?.[0] ?? String(source);

function parse(output: string): Report {
  try {
    const report: unknown = JSON.parse(output);
    return typeof report === 'object' && report !== null ? report : {};
  } catch {
    return {};
  }
}

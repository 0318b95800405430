import { type Accepted, judgeReport } from './judge-report.ts';

const advisory = (id: string, severity: string, name = 'parser') => ({
  source: Number.parseInt(id, 36),
  name,
  dependency: name,
  title: `a fault of ${name}`,
  url: `https://github.com/advisories/GHSA-${id}-${id}-${id}`,
  severity,
  cwe: ['CWE-400'],
  cvss: { score: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
  range: '<2.0.1',
});

/** A report as npm 11 writes it, with the packages' `via`. */
function report(vias: Record<string, (ReturnType<typeof advisory> | string)[]>): string {
  const entries = Object.entries(vias).map(([name, via]) => [
    name,
    {
      name,
      severity: 'high',
      isDirect: false,
      via,
      effects: [],
      range: '<2.0.1',
      nodes: [`node_modules/${name}`],
      fixAvailable: true,
    },
  ]);
  const counts = { info: 0, low: 0, moderate: 0, high: entries.length, critical: 0, total: entries.length };
  const dependencies = { prod: 250, dev: 290, optional: 30, peer: 4, peerOptional: 0, total: 545 };
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(entries),
    metadata: { vulnerabilities: counts, dependencies },
  });
}

const reasons = (...ids: string[]): Accepted[] =>
  ids.map((id) => ({ advisory: `GHSA-${id}-${id}-${id}`, reason: 'only parses files of this project' }));

describe('the judgement of an audit', () => {
  it('passes without advisories', () => {
    expect(judgeReport(report({}), [])).toEqual({
      passes: true,
      lines: ['0 advisories of severity high or critical, 0 accepted'],
    });
  });

  it.each([
    ['low', true],
    ['moderate', true],
    ['high', false],
    ['critical', false],
  ])('passes for severity %s: %s', (severity, passes) => {
    expect(judgeReport(report({ parser: [advisory('aaaa', severity)] }), []).passes).toBe(passes);
  });

  it('names what fails, once for all packages that are concerned through others', () => {
    const { passes, lines } = judgeReport(
      report({ parser: [advisory('aaaa', 'high')], framework: ['parser'], copy: [advisory('aaaa', 'high')] }),
      [],
    );
    expect(passes).toBe(false);
    expect(lines).toEqual([
      '✗ parser <2.0.1: high: a fault of parser (https://github.com/advisories/GHSA-aaaa-aaaa-aaaa)',
      '1 advisories of severity high or critical, 0 accepted',
    ]);
  });

  it('passes for accepted advisories alone', () => {
    const both = report({ parser: [advisory('aaaa', 'high'), advisory('bbbb', 'critical')] });
    expect(judgeReport(both, reasons('aaaa')).passes).toBe(false);
    expect(judgeReport(both, reasons('aaaa', 'bbbb'))).toEqual({
      passes: true,
      lines: ['2 advisories of severity high or critical, 2 accepted'],
    });
  });

  it('names accepted advisories that are no longer reported', () => {
    const { passes, lines } = judgeReport(report({}), reasons('aaaa'));
    expect(passes).toBe(true);
    expect(lines[0]).toBe('! GHSA-aaaa-aaaa-aaaa is accepted and no longer reported; remove it from the list');
  });

  it('says that nothing was checked if the registry does not answer audits, or cannot be reached', () => {
    const refused = {
      message: '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk',
      method: 'POST',
      headers: { allow: ['GET,HEAD'] },
      statusCode: 405,
      body: '',
      error: { summary: '', detail: '' },
    };
    expect(judgeReport(JSON.stringify(refused), [])).toEqual({
      passes: true,
      lines: ['! the registry does not answer audit requests; not checked'],
    });
    const message = 'request to https://registry.example/-/npm/v1/security/advisories/bulk failed, reason: getaddrinfo';
    const unreachable = { message, error: { summary: '', detail: '' } };
    for (const answer of [unreachable, { ...refused, statusCode: 503 }]) {
      const lines = ['! the registry cannot be reached; not checked'];
      expect(judgeReport(JSON.stringify(answer), [])).toEqual({ passes: true, lines });
    }
  });

  it.each(['', 'not JSON', 'null', '{}', '{"auditReportVersion":3,"vulnerabilities":{}}', '{"statusCode":401}'])(
    'fails for output that it does not understand: %s',
    (output) => {
      expect(judgeReport(output, []).passes).toBe(false);
    },
  );
});

import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Secrets {
  /** The environment with secrets read from their files and passwords inserted into their URLs. */
  readonly environment: Record<string, string | undefined>;
  /** One line for each secret that could not be read; never contains a secret's value. */
  readonly problems: readonly string[];
}

/** Keys, passwords and URLs, which may contain one: they can be read from files and never appear in messages. */
export const isSecret = (name: string) => /KEY|PASSWORD|URL|SECRET$/.test(name);

const URL_SUFFIX = /_URL$/;
const passwordOf = (url: string) => url.replace(URL_SUFFIX, '_PASSWORD');

/**
 * Reads those secrets among the settings `names` that are in files: `X_FILE` names the file that contains `X`, as
 * Docker and Kubernetes mount secrets. `X_PASSWORD` is the password of the URL `X_URL`, not percent-encoded, so that it
 * can be stored separately from the address.
 */
export function readSecrets(names: readonly string[], given: Environment): Secrets {
  const environment = { ...given };
  const problems: string[] = [];
  const urls = names.filter((name) => URL_SUFFIX.test(name));
  for (const name of new Set([...names.filter(isSecret), ...urls.map(passwordOf)])) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] === undefined) environment[name] = contentOf(file, (why) => problems.push(`${name}_FILE ${why}`));
    else problems.push(`${name} and ${name}_FILE are both set: set only one of them`);
  }
  for (const name of urls) {
    const { [name]: url, [passwordOf(name)]: password } = environment;
    if (url === undefined || password === undefined || !URL.canParse(url)) continue;
    const whole = new URL(url);
    if (whole.password !== '')
      problems.push(`${passwordOf(name)} is set and ${name} contains a password: set only one of them`);
    // The setter does not encode a percent sign.
    whole.password = encodeURIComponent(password);
    environment[name] = whole.href;
  }
  return { environment, problems };
}

function contentOf(file: string, fail: (why: string) => void): string | undefined {
  try {
    const content = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
    if (content !== '') return content;
    fail(`is "${file}": the file is empty`);
  } catch (error) {
    fail(`is "${file}": the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return undefined;
}

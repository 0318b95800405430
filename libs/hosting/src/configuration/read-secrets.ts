import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Secrets {
  /** The environment with the content of files in place of their names, and passwords inside their URLs. */
  readonly environment: Record<string, string | undefined>;
  /** One line for each that could not be read, with nothing of its content. */
  readonly problems: readonly string[];
}

/** Keys, passwords, and URLs that may hold one: they can be given by file, and never show in a message. */
export const isSecret = (name: string) => /KEY|PASSWORD|URL/.test(name);

const URL_SUFFIX = /_URL$/;
const passwordOf = (url: string) => url.replace(URL_SUFFIX, '_PASSWORD');

/**
 * Reads the secrets among the settings `names` that are given by file: `X_FILE` names the file that holds `X`, as
 * Docker and Kubernetes mount secrets. `X_PASSWORD` is the password of the URL `X_URL`, in plain characters, so that it
 * can be kept apart from the address.
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
    // The setter leaves a percent sign as it is.
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

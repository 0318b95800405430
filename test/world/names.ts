const FIRST =
  'ada alan alba amir anna aron asha bela ben bo carl cleo dana dario dina edda eli elsa emil enzo esra eva finn frida gina hana hugo ida igor ilse ines iris ivo jana jean jonas juna kai karl kira lars lea leo lina luca luis maja mara mats mila milo mina nele nia nils noa nora olga omar otto pia paul petra quinn rafa ravi rita rosa runa sami sara sia sofia sven tara theo tilda timo tom ute uwe vera vito wanda willi xenia yara yuri zoe zora'.split(
    ' ',
  );
const LAST =
  'abel adler arndt bach bauer beck berg bloom boden brandt braun busch chen cruz dahl damm diaz dorn ebert engel ernst falk faro fink fox franz gomes graf gross haas hahn hart hein herz hill holm horn jung kahn kern khan klein koch kraft kruse kumar lang lenz lind lopez lorenz luna maier marx mendes moore moser nagel neri noll novak ott park peters pohl rao reis rios ritter rossi roth ruiz sato sauer schulz seidl silva sommer stein stern tanaka thoma unger urban voss wagner weber weiss wirth wolf young zeller ziegler'.split(
    ' ',
  );

/** A unique name for the nth user, counted from 0, that looks like a person's name. */
export function nameOf(user: number): string {
  const pairs = FIRST.length * LAST.length;
  // 7919 and the number of pairs are coprime, so every pair comes up before one repeats.
  const pair = (user * 7919) % pairs;
  const name = `${FIRST[pair % FIRST.length]}.${LAST[Math.floor(pair / FIRST.length)]}`;
  const round = Math.floor(user / pairs);
  return round === 0 ? name : `${name}.${round + 1}`;
}

/** The name to try when `attempt` names of the nth user are taken. Uses "-", as nameOf uses "." for numbers. */
export function nameAfter(attempt: number, user: number, seed: number): string {
  if (attempt === 0) return nameOf(user);
  return attempt === 1 ? `${nameOf(user)}-${seed}` : `${nameOf(user)}-${seed}-${attempt}`;
}

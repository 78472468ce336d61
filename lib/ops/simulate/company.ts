/**
 * A made-up company: people, groups and what happens to them in a first cycle. Names are common ones put together by
 * chance, and every address is under example.com, which belongs to nobody (RFC 2606).
 */
import { seeded } from "./seeded.ts";

export interface Person {
  /** From 0. */
  readonly n: number;
  readonly userName: string;
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly title: string;
  readonly department: string;
  /** Gets this title by an update after the create. */
  readonly promotedTo?: string;
  /** Place of the manager in the list of people. */
  readonly manager?: number;
  /** Deactivated at the end. */
  readonly leaves: boolean;
}

export interface Team {
  readonly n: number;
  readonly displayName: string;
  readonly externalId: string;
  /** Places in the list of people, ascending: who is sent to it at first. */
  readonly joins: readonly number[];
  /** Of them, those who are taken out again. */
  readonly quits: readonly number[];
}

export interface Company {
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
}

const givenNames = [
  "Ada",
  "Bela",
  "Chloé",
  "Dmitri",
  "Emeka",
  "Fatima",
  "Grace",
  "Håkon",
  "Ines",
  "Jun",
  "Kofi",
  "Lena",
  "Mateo",
  "Nadia",
  "Oskar",
  "Priya",
  "Quinn",
  "Rosa",
  "Sven",
  "Tomás",
  "Uma",
  "Viktor",
  "Wen",
  "Yusuf",
  "Zoë",
] as const;
const familyNames = [
  "Abara",
  "Bergström",
  "Castillo",
  "Dubois",
  "Ek",
  "Fischer",
  "García",
  "Hansen",
  "Ito",
  "Jansen",
  "Kaya",
  "Lindqvist",
  "Moreau",
  "Novak",
  "O'Neill",
  "Petrov",
  "Quist",
  "Rossi",
  "Straßer",
  "Tanaka",
  "Ueda",
  "Varga",
  "Weber",
  "Yılmaz",
  "Zhang",
] as const;
export const departments = ["Sales", "Research", "Finance", "Support", "Operations"] as const;
export const titles = ["Analyst", "Engineer", "Writer", "Planner", "Buyer"] as const;

/** Deterministic: person n of a seed is the same whatever `users` is; who is in a group depends on it. */
export function company(options: { users: number; groups: number; seed: number }): Company {
  const people = Array.from({ length: options.users }, (_, n) => person(options.seed, n));
  const teams = Array.from({ length: options.groups }, (_, n) => team(options.seed, n, options.users));
  return { people, teams };
}

/** Of a seed, whatever the size of the company. */
export function person(seed: number, n: number): Person {
  const random = seeded(seed, `person ${n}`);
  const [givenName, familyName] = [random.pick(givenNames), random.pick(familyNames)];
  const title = random.pick(titles);
  const manager = random.int(n + 1);
  return {
    n,
    // A plain address: some applications take nothing else. The number keeps namesakes apart.
    userName: `${plain(givenName)}.${plain(familyName)}.${seed}-${n}@example.com`,
    externalId: `person-${seed}-${n}`,
    givenName,
    familyName,
    title,
    department: random.pick(departments),
    ...(random.int(5) === 0 ? { promotedTo: `Senior ${title}` } : {}),
    ...(random.int(3) === 0 && manager !== n ? { manager } : {}),
    leaves: random.int(25) === 0,
  };
}

function team(seed: number, n: number, users: number): Team {
  const random = seeded(seed, `team ${n} of ${users}`);
  // One team in ten has a fifth of the company; the others are small.
  const size = Math.min(users, random.int(10) === 0 ? Math.ceil(users / 5) : 1 + random.int(60));
  const joins = new Set<number>();
  while (joins.size < size) joins.add(random.int(users));
  const ordered = [...joins].sort((a, b) => a - b);
  return {
    n,
    displayName: `${random.pick(departments)} ${seed}-${n}`,
    externalId: `team-${seed}-${n}`,
    joins: ordered,
    quits: ordered.filter(() => random.int(20) === 0),
  };
}

function plain(name: string): string {
  const ascii = name.toLowerCase().replaceAll("ß", "ss").replaceAll("ı", "i").normalize("NFKD");
  return ascii.replaceAll(/[^a-z]/g, "");
}
